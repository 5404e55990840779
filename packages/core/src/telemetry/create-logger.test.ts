import fs from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { allowAnonymous } from '../access/allow-anonymous.js';
import { serve } from '../http/serve.js';
import { createProxy } from '../proxy/create-proxy.js';
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

it('is what a proxy without a logger of its own logs to, whatever another one has', async () => {
  const write = vi.spyOn(fs, 'writeSync').mockImplementation((_fd, line) => Buffer.byteLength(String(line)));
  const own = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const options = { invoker: { invoke: vi.fn(), stream: vi.fn() }, access: allowAnonymous() };
  const { signal } = new AbortController();
  const request = { front: 'test', requestId: 'r-1', method: 'GET', path: '/health', headers: {}, signal };
  for (const proxy of [createProxy({ ...options, logger: own }), createProxy(options), createProxy(options)]) {
    await (await serve(proxy, request)).close({ bytesOut: 1 });
  }
  expect(own.info).toHaveBeenCalledOnce();
  expect(write.mock.calls.map(([, line]) => JSON.parse(String(line)).event)).toEqual(['request.end', 'request.end']);
});
