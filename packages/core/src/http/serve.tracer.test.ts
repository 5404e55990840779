import { expect, it, vi } from 'vitest';
import { allowAnonymous } from '../access/allow-anonymous.js';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import { createProxy, type ProxyOptions } from '../proxy/create-proxy.js';
import { serve } from './serve.js';

const answer = { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'Hi' }], stop_reason: 'end_turn' };

/** Asks a proxy with this tracer two times, one after the other; gives the log of errors. */
async function askTwice(tracer: ProxyOptions['tracer']) {
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const invoker = { ...inlineInvoker({ answer }), serverAddress: 'bedrock.test' };
  const proxy = createProxy({ invoker, access: allowAnonymous(), logger, ...(tracer && { tracer }) });
  for (const requestId of ['r-1', 'r-2']) {
    const request = {
      ...{ front: 'test', requestId, method: 'POST', path: '/', headers: {} },
      body: '{"modelId":"a.b"}',
    };
    const served = await serve(proxy, { ...request, signal: new AbortController().signal });
    expect(served.status).toBe(200);
    await served.close({ bytesOut: 1 });
  }
  return logger.error.mock.calls.map(([fields]) => fields);
}

const callOf = (requestId: string) => ({
  ...{ modelId: 'a.b', stream: false, operation: 'text_completion', requestId, serverAddress: 'bedrock.test' },
});

it('traces every call with the tracer of its proxy', async () => {
  const end = vi.fn();
  const startCall = vi.fn(() => ({ firstChunk() {}, end }));
  expect(await askTwice({ startCall })).toEqual([]);
  expect(startCall.mock.calls).toEqual([[callOf('r-1')], [callOf('r-2')]]);
  expect(end.mock.calls).toEqual([
    [{ attempts: 1, stopReason: 'end_turn' }],
    [{ attempts: 1, stopReason: 'end_turn' }],
  ]);
});

it('asks a function for the tracer once', async () => {
  const startCall = vi.fn(() => undefined);
  const tracer = vi.fn(async () => ({ startCall }));
  await askTwice(tracer);
  expect(tracer).toHaveBeenCalledOnce();
  expect(startCall).toHaveBeenCalledTimes(2);
});

it('answers without a tracer if it cannot be loaded, and logs why', async () => {
  expect(await askTwice(() => Promise.reject(new Error('no such module')))).toEqual([
    {
      ...{ event: 'observer.failed', requestId: 'r-1', observer: 'tracer' },
      cause: expect.objectContaining({ message: 'no such module' }),
    },
  ]);
});
