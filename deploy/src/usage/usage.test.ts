import { describe, expect, it } from 'vitest';
import { runScript } from '../testing/run-script.ts';
import { printUsage } from './print-usage.ts';
import { summarizeUsage } from './summarize-usage.ts';

const main = 'deploy/src/usage/main.ts';

const now = Date.UTC(2026, 10, 26, 12);
const minute = now / 60_000;
const settings = {
  everyone: { usdPerMonth: 100 },
  each: [
    { requestsPerMinute: 60, tokensPerDay: 1_000 },
    { models: ['b.*', 'a.*'], concurrent: 2 },
  ],
  teams: { search: { usdPerDay: 5, shards: 2 }, '*': { usdPerDay: 1 } },
};
const items = [
  {
    key: 'p|me%7Cyou|*|0',
    counters: { [`r${minute}`]: 3, [`r${minute - 1}`]: 9, d20261126: 1_200, d20261125: 7, m202611: 9_000 },
  },
  { key: 'p|me%7Cyou|a.*,b.*|0', counters: { n: 1, [`e${minute + 5}`]: 1 } },
  { key: 't|search|*|0', counters: { D20261126: 1_000_000_000 } },
  { key: 't|search|*|1', counters: { D20261126: 2_500_000_000 } },
  { key: 't|other|*|0', counters: { D20261126: 100_000_000 } },
  { key: '*||*|0', counters: { M202611: 40_000_000_000 } },
  { key: 'f'.repeat(64), counters: { n: 4 } },
];

describe('summarizeUsage', () => {
  it('tells what each subject has used, and what is left', () => {
    expect(summarizeUsage(items, settings, now)).toEqual([
      { kind: 'everyone', name: '', models: '*', used: { usdPerMonth: 40 }, left: { usdPerMonth: 60 } },
      { kind: 'hashed', name: 'f'.repeat(64), models: '', used: { concurrent: 4 }, left: {} },
      {
        ...{ kind: 'principal', name: 'me|you', models: '*' },
        used: { requestsPerMinute: 3, tokensPerDay: 1_200, tokensPerMonth: 9_000 },
        left: { requestsPerMinute: 57, tokensPerDay: 0 },
      },
      { kind: 'principal', name: 'me|you', models: 'a.*,b.*', used: { concurrent: 1 }, left: { concurrent: 1 } },
      { kind: 'team', name: 'other', models: '*', used: { usdPerDay: 0.1 }, left: { usdPerDay: 0.9 } },
      { kind: 'team', name: 'search', models: '*', used: { usdPerDay: 3.5 }, left: { usdPerDay: 1.5 } },
    ]);
  });

  it('knows what is left of no limit that it does not know', () => {
    expect(summarizeUsage(items, {}, now).map(({ left }) => left)).toEqual(items.slice(1).map(() => ({})));
  });
});

it('prints a report', () => {
  const text = printUsage(summarizeUsage(items, settings, now));
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      'principal me|you',
      '  requests this minute                 3   left 57',
      '  tokens this month                9,000',
      'principal me|you (a.*,b.*)',
      'everyone',
      '  dollars this month              $40.00   left $60.00',
    ]),
  );
  expect(printUsage([])).toBe('Nothing is counted yet.');
});

describe('npm run usage', () => {
  it.each([
    [[], 'Name the table with --table; see npm run usage -- --help.'],
    [['--tabel', 'x'], "Unknown option '--tabel'; see --help."],
    [['--table', 'x', '--limits', '/missing.json'], '--limits: /missing.json cannot be read.'],
  ])('refuses %j with one sentence', async (args, message) => {
    const { code, errors } = await runScript(main, args, {});
    expect([code, errors.trim()]).toEqual([1, message]);
  });

  it('names an AWS profile that does not exist', async () => {
    const { code, errors } = await runScript(main, ['--table', 'x', '--profile', 'taem'], {});
    expect([code, errors]).toEqual([
      1,
      expect.stringMatching(/^There is no AWS profile "taem" .+ --profile taem\.\n$/),
    ]);
  });

  it('prints help', async () => {
    const { code, output } = await runScript(main, ['--help'], {});
    expect([code, output.split('\n')[0]]).toEqual([0, 'npm run usage -- --table NAME [options]']);
  });
});
