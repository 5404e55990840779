import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ProxyError } from '../errors/proxy-error.js';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import type { ModelAnswer, ModelCall, ModelInvoker } from '../ports/model-invoker.js';
import { watchCall } from './call-watch.js';
import { invokeModel } from './invoke-model.js';
import { invokeWatched } from './invoke-watched.js';

const answer: ModelAnswer = {
  body: Buffer.from('{"usage":{"input_tokens":3,"output_tokens":4},"type":"message","content":[]}'),
  contentType: 'application/json',
  meta: { attempts: 1 },
};
const input = { modelId: 'm', payload: new Uint8Array([123, 125]) };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it('gives the answer untouched, with its counts', async () => {
  const invoker = inlineInvoker({ answer: answer.body });
  const invoked = await invokeModel(
    invoker,
    { ...input, options: { performanceLatency: 'optimized' } },
    { deadlineMs: 100 },
  );
  expect(invoked).toMatchObject({ ...answer, usage: { inputTokens: 3, outputTokens: 4 } });
  expect(invoked.json()).toMatchObject({ type: 'message' });
  // There is nothing left to abort.
  expect(invoker.calls[0]?.signal.aborted).toBe(false);
  expect(invoker.calls).toEqual([
    {
      operation: 'invoke-model',
      modelId: 'm',
      body: input.payload,
      options: { performanceLatency: 'optimized' },
      deadlineAt: 100,
      signal: expect.any(AbortSignal),
    },
  ]);
});

it('throws a SyntaxError for a body that is no JSON', async () => {
  const invoked = await invokeModel(inlineInvoker({ answer: Buffer.from('<html>') }), input);
  expect(() => invoked.json()).toThrow(SyntaxError);
});

it('is bound by the deadline alone, and gives the call up then', async () => {
  const silent = inlineInvoker({ hangs: true });
  let outcome: unknown = 'waiting';
  invokeModel(silent, input, { deadlineMs: 600_000 }).catch((error: unknown) => {
    outcome = error;
  });
  await vi.advanceTimersByTimeAsync(599_999);
  expect(outcome).toBe('waiting');
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome).toMatchObject({ code: 'deadline_exceeded' });
  expect(silent.calls[0]?.signal.aborted).toBe(true);
});

it('throws refusals as they are, and anything else as internal with its cause', async () => {
  const refusal = new ProxyError('throttled');
  await expect(invokeModel(inlineInvoker({ refusal }), input)).rejects.toBe(refusal);
  await expect(invokeModel(inlineInvoker({ refusal: undefined }), input)).rejects.toMatchObject({
    ...{ name: 'ProxyError', code: 'internal' },
  });
  const mistake = new TypeError('oops');
  await expect(invokeModel(inlineInvoker({ refusal: mistake }), input)).rejects.toMatchObject({
    code: 'internal',
    cause: mistake,
  });
});

it('sets no timer without a deadline', async () => {
  const caller = new AbortController();
  const silent = inlineInvoker({ hangs: true });
  const invoking = expect(invokeModel(silent, input, { signal: caller.signal })).rejects.toBe('enough');
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
  caller.abort('enough');
  await invoking;
});

it('asks for no more answers once one call has failed', async () => {
  const calls = Array.from({ length: 20 }, (_, index) => ({
    ...({ operation: 'converse', modelId: 'm', body: Uint8Array.of(index) } as const),
  }));
  const asked: number[] = [];
  const invoke = async ({ body: [index = -1] }: ModelCall) => {
    asked.push(index);
    await new Promise((resolve) => setTimeout(resolve, index + 1));
    if (index === 3) throw new ProxyError('throttled');
    return answer;
  };
  const invoker: ModelInvoker = { ...inlineInvoker(), invoke };
  const watch = watchCall({ firstEventTimeoutMs: 1_000, idleTimeoutMs: 1_000 });
  const invoking = expect(invokeWatched(invoker, calls, watch)).rejects.toMatchObject({ code: 'throttled' });
  await vi.advanceTimersByTimeAsync(1_000);
  await invoking;
  // Eight at once, and one more for each of the three that were over before the failure.
  expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

it("throws the reason of the caller's signal", async () => {
  const caller = new AbortController();
  const invoking = invokeModel(inlineInvoker({ hangs: true }), input, { signal: caller.signal });
  const reason = new Error('enough');
  caller.abort(reason);
  await expect(invoking).rejects.toBe(reason);
});

it('has the message of an unexpected error, which its invoker wrote', async () => {
  const cause = new Error('the script has 0 replies');
  const invoker = { invoke: () => Promise.reject(cause), stream: () => Promise.reject(cause) };
  await expect(invokeModel(invoker, input)).rejects.toMatchObject({
    ...{ name: 'ProxyError', code: 'internal', cause },
    message: 'The call failed unexpectedly: the script has 0 replies',
  });
});
