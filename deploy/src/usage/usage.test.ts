import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startDynalite } from '../../../tests/limits/start-dynalite.ts';
import { runScript } from '../testing/run-script.ts';
import { printUsage } from './print-usage.ts';
import { summarizeUsage } from './summarize-usage.ts';

const main = 'deploy/src/usage/main.ts';
const folder = mkdtempSync(join(tmpdir(), 'usage-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
  it('reads the whole table, page by page', async () => {
    await using dynalite = await startDynalite();
    const table = await dynalite.createTable();
    const put = (k: string, counters: Record<string, number>, filler = '') =>
      dynalite.call('PutItem', {
        TableName: table,
        Item: {
          ...{ k: { S: k }, x: { N: '1' } },
          ...Object.fromEntries(Object.entries(counters).map(([name, count]) => [name, { N: String(count) }])),
          ...(filler && { filler: { S: filler } }),
        },
      });
    // A page has at most 1 MB.
    for (let n = 0; n < 4; n++) await put(`p|caller-${n}|*|0`, { n }, 'x'.repeat(350_000));
    await put('t|search|*|0', { n: 7 });
    const file = join(folder, 'limits.json');
    writeFileSync(file, JSON.stringify({ each: { concurrent: 5 } }));
    const env = {
      ...{ AWS_ENDPOINT_URL_DYNAMODB: dynalite.url, AWS_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    };
    const all = await runScript(main, ['--table', table, '--limits', file, '--json'], env);
    expect(all.errors).toBe('');
    expect(JSON.parse(all.output)).toHaveLength(5);
    expect(JSON.parse(all.output)).toContainEqual({
      ...{ kind: 'principal', name: 'caller-3', models: '*' },
      ...{ used: { concurrent: 3 }, left: { concurrent: 2 } },
    });
    const one = await runScript(main, ['--table', table, '--principal', 'caller-2'], env);
    expect(one.output).toMatch(/^principal caller-2\n {2}calls under way +2\n$/);
    const team = await runScript(main, ['--table', table, '--team', 'search'], env);
    expect(team.output).toMatch(/^team search\n/);
    const none = await runScript(main, ['--table', 'none'], env);
    expect(none.code).toBe(1);
    expect(none.errors).toMatch(/^The table none cannot be read\. You need dynamodb:Scan on it/);
  });

  it.each([
    [[], 'Name the table with --table; see npm run usage -- --help.'],
    [['--tabel', 'x'], "Unknown option '--tabel'; see --help."],
    [['--table', 'x', '--limits', '/missing.json'], '--limits: /missing.json cannot be read.'],
  ])('refuses %j with one sentence', async (args, message) => {
    const { code, errors } = await runScript(main, args, {});
    expect([code, errors.trim()]).toEqual([1, message]);
  });

  it('prints help', async () => {
    const { code, output } = await runScript(main, ['--help'], {});
    expect([code, output.split('\n')[0]]).toEqual([0, 'npm run usage -- --table NAME [options]']);
  });
});
