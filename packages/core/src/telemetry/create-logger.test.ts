import fs from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { createLogger } from './create-logger.js';

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
