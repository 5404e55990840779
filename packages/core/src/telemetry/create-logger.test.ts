import fs from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { createLogger, writeAtOnce, writeLogLine } from './create-logger.js';

afterEach(() => void vi.restoreAllMocks());

it('writes at once one line of JSON as Lambda has them', () => {
  const write = vi.spyOn(fs, 'writeSync').mockImplementation((_fd, line) => Buffer.byteLength(String(line)));
  createLogger('warn').info({ event: 'hidden' });
  createLogger().warn({ event: 'auth.open', n: 1 }, 'Set a token.');
  expect(write.mock.calls.map(([fd]) => fd)).toEqual([1]);
  const line = String(write.mock.calls[0]?.[1]);
  expect(line).toMatch(/^\{[^\n]*\}\n$/);
  expect(JSON.parse(line)).toEqual({
    ...{ level: 'WARN', event: 'auth.open', n: 1, message: 'Set a token.' },
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
});

it('writes the lines of one piece of work in one go, in their order', () => {
  const write = vi.spyOn(fs, 'writeSync').mockImplementation((_fd, line) => Buffer.byteLength(String(line)));
  const result = writeAtOnce(() => {
    writeLogLine('1');
    writeAtOnce(() => writeLogLine('2'));
    createLogger().info({ event: '3' });
    return 7;
  });
  writeAtOnce(() => undefined);
  writeLogLine('4');
  const written = write.mock.calls.map(([, line]) => String(line));
  expect([result, ...written]).toEqual([7, '1\n2\n', expect.stringContaining('"event":"3"'), '4\n']);
});

it('writes the lines of work that fails, and work does not fail if they cannot be written', async () => {
  // What could not be written is written again later: not by other tests.
  vi.resetModules();
  const { writeAtOnce, writeLogLine } = await import('./create-logger.js');
  const write = vi.spyOn(fs, 'writeSync').mockImplementation((_fd, line) => Buffer.byteLength(String(line)));
  const bug = new Error('a bug');
  const fail = () => {
    writeLogLine('1');
    throw bug;
  };
  expect(() => writeAtOnce(fail)).toThrowError(bug);
  expect(write.mock.calls.map(([, line]) => String(line))).toEqual(['1\n']);
  write.mockImplementation(() => {
    throw new Error('no space');
  });
  expect(writeAtOnce(() => writeLogLine('2'))).toBeUndefined();
});
