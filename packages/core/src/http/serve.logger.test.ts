import fs from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { allowAnonymous } from '../access/allow-anonymous.js';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import { createProxy } from '../proxy/create-proxy.js';
import { serve } from './serve.js';

afterEach(() => void vi.restoreAllMocks());

it('logs to standard output if a proxy has no logger of its own, whatever another proxy has', async () => {
  const write = vi.spyOn(fs, 'writeSync').mockImplementation((_fd, line) => Buffer.byteLength(String(line)));
  const own = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const options = { invoker: inlineInvoker(), access: allowAnonymous() };
  const { signal } = new AbortController();
  const request = { front: 'test', requestId: 'r-1', method: 'GET', path: '/health', headers: {}, signal };
  for (const proxy of [createProxy({ ...options, logger: own }), createProxy(options), createProxy(options)]) {
    await (await serve(proxy, request)).close({ bytesOut: 1 });
  }
  expect(own.info).toHaveBeenCalledOnce();
  expect(write.mock.calls.map(([, line]) => JSON.parse(String(line)).event)).toEqual(['request.end', 'request.end']);
});
