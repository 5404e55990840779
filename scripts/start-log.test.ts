import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startLog } from './start-log.mjs';

/** What comes out, if the text goes in by pieces of `size` characters. */
async function passed(text: string, options = {}, size = 7): Promise<string> {
  const log = startLog(options);
  let out = '';
  log.setEncoding('utf8').on('data', (piece: string) => {
    out += piece;
  });
  for (let at = 0; at < text.length; at += size) log.write(text.slice(at, at + size));
  log.end();
  await new Promise((resolve) => log.once('end', resolve));
  return stripVTControlCharacters(out);
}

const warning = { level: 'WARN', timestamp: '2026-11-26T09:04:33.957Z', event: 'auth.open', message: 'No token.' };
const end = {
  level: 'INFO',
  timestamp: '2026-11-26T09:04:37.694Z',
  event: 'request.end',
  requestId: 'one',
  dialect: 'native',
  modelId: 'global.amazon.nova-2-lite-v1:0',
  stream: true,
  status: 200,
  terminal: 'done',
  durationMs: 1566.7,
  firstTextMs: 57.8,
  inputTokens: 2,
  outputTokens: 71,
};
const error = { level: 'ERROR', event: 'request.error', requestId: 'one', cause: { message: 'the stream was cut' } };
const lines = (...values: (object | string)[]) =>
  values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('');

describe('the log of npm start in a pipe', () => {
  it('is the log of the proxy, with one warning of its start in place of three', async () => {
    const text = lines(warning, warning, warning, 'listening on http://localhost:1', end);
    expect(await passed(text)).toBe(lines(warning, 'listening on http://localhost:1', end));
  });

  it('keeps different warnings, warnings of requests, and text without a line break', async () => {
    const other = { ...warning, message: 'A weak token.' };
    const ofRequest = { ...warning, requestId: 'two' };
    const text = `${lines(warning, other, ofRequest, ofRequest)}{"level`;
    expect(await passed(text)).toBe(text);
  });
});

describe('the log of npm start at a terminal', () => {
  const shown = (...values: (object | string)[]) => passed(lines(...values), { isReadable: true });

  it('has one line for a request', async () => {
    expect(await shown(end)).toMatch(
      /^\d\d:\d\d:\d\d {2}200 done {2}global\.amazon\.nova-2-lite-v1:0 {2}native stream {2}1567 ms {2}first text 58 ms {2}2 tokens in, 71 out {2}one\n$/,
    );
  });

  it('has one line for a request that failed, with its cause', async () => {
    const failed = { ...end, status: 200, code: 'upstream_truncated', terminal: 'error' };
    const text = await shown(error, failed);
    expect(text.split('\n')).toHaveLength(2);
    expect(text).toContain('200 upstream_truncated');
    expect(text).toContain('the stream was cut');
  });

  it('has warnings as sentences, and all other text as it is', async () => {
    expect(await shown(warning, 'listening on http://localhost:1', 'Error: x', '{"a":1}')).toBe(
      'warn: No token.\nlistening on http://localhost:1\nError: x\n{"a":1}\n',
    );
  });

  it('does not hold a request that never ends in memory', async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ ...error, requestId: String(index) }));
    expect(await shown(...many, end)).toMatch(/71 out {2}one\n$/);
  });
});
