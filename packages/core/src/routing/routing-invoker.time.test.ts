import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../errors/proxy-error.js';
import { hang, type InlineScript, inlineInvoker, pause } from '../ports/inline-invoker.test-helper.js';
import type { FailedAttempt, ModelCall, ModelInvoker } from '../ports/model-invoker.js';
import { ReaderGone, watchCall } from '../stream/call-watch.js';
import { openStream } from '../stream/open-stream.js';
import { routingInvoker } from './routing-invoker.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const start = { type: 'message_start', message: {} };
const text = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'good' } };
const end = { type: 'message_stop' };
const hangs: InlineScript = { hangs: true };
const answers: InlineScript = { answer: {}, steps: [start, text, end] };

/** Targets a, b, c, each with an invoker of its own that follows its script. */
function chain(...scripts: readonly InlineScript[]) {
  const invokers = scripts.map(inlineInvoker);
  const targets = scripts.map((_, index) => ({ model: 'abc'.charAt(index), region: `r-${index}` }));
  const noted: FailedAttempt[] = [];
  const router = routingInvoker({ invokerFor: ({ region }) => invokers[Number(region?.slice(2))] as ModelInvoker });
  const call: Omit<ModelCall, 'signal'> = {
    operation: 'invoke-model',
    modelId: 'a',
    body: Buffer.from('{}'),
    targets,
    onFailedAttempt: (attempt) => void noted.push(attempt),
  };
  const counts = () => invokers.map(({ calls }) => calls.length);
  const aborted = () => invokers.map(({ calls }) => calls[0]?.signal.aborted);
  return { router, call, noted, counts, aborted };
}

/** Opens a stream as the proxy does, under one watch. */
function open(
  asked: ReturnType<typeof chain>,
  limits: { firstEventTimeoutMs?: number; deadlineMs?: number } = {},
  attemptMs?: number,
) {
  const deadline = limits.deadlineMs === undefined ? {} : { deadlineAt: performance.now() + limits.deadlineMs };
  const caller = new AbortController();
  const times = { firstEventTimeoutMs: limits.firstEventTimeoutMs ?? 300_000, idleTimeoutMs: 300_000 };
  const watch = watchCall({ ...times, ...deadline }, caller.signal);
  const perAttempt = attemptMs === undefined ? {} : { firstEventTimeoutMs: attemptMs };
  const stream = openStream(asked.router, { ...asked.call, ...deadline, ...perAttempt }, watch);
  const outcome = stream
    .next()
    .then(
      (batch) => batch,
      (error: unknown) => error,
    )
    .finally(() => watch.close());
  return { stream, outcome, caller };
}

async function readAll(batches: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

describe('three targets that hang', () => {
  it('are held to one deadline: the one in flight is aborted, and no other begins', async () => {
    const asked = chain(hangs, hangs, hangs);
    const { outcome } = open(asked, { deadlineMs: 10_000 });
    await vi.advanceTimersByTimeAsync(9_999);
    expect(asked.aborted()).toEqual([false, undefined, undefined]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({ code: 'deadline_exceeded' });
    expect(asked.aborted()).toEqual([true, undefined, undefined]);
    expect(asked.noted).toEqual([]);
  });

  it('are tried in turn with a timeout each, and each sees its abort before the next begins', async () => {
    const asked = chain(hangs, hangs, hangs);
    const { outcome } = open(asked, { deadlineMs: 20_000 }, 5_000);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(asked.counts()).toEqual([1, 0, 0]);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked.counts()).toEqual([1, 1, 0]);
    expect(asked.aborted()).toEqual([true, false, undefined]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked.aborted()).toEqual([true, true, false]);
    // The last target has the time that is left.
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await outcome).toMatchObject({ code: 'deadline_exceeded' });
    expect(asked.aborted()).toEqual([true, true, true]);
    expect(asked.noted).toMatchObject([{ code: 'upstream_timeout', durationMs: 5_000 }, { code: 'upstream_timeout' }]);
  });

  it('share one timeout to the first content', async () => {
    const asked = chain(hangs, hangs, hangs);
    const { outcome } = open(asked, { firstEventTimeoutMs: 8_000 }, 5_000);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(await outcome).toMatchObject({ code: 'upstream_timeout' });
    expect(asked.aborted()).toEqual([true, true, undefined]);
    expect(asked.noted).toMatchObject([
      { modelId: 'a' },
      { modelId: 'b', code: 'upstream_timeout', durationMs: 3_000 },
    ]);
  });
});

it('the log is told how long a target was waited for', async () => {
  const asked = chain(hangs, { refusal: new ProxyError('model_not_found') });
  const { outcome } = open(asked, {}, 5_000);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await outcome).toMatchObject({ code: 'upstream_timeout', cause: { message: 'no answer within 5000 ms' } });
});

it.each([
  ['the longest time that setTimeout takes', Number.MAX_SAFE_INTEGER, [2_147_483_647]],
  ['no timer', undefined, []],
])('a target is waited for with %s', async (_, firstEventTimeoutMs, delays) => {
  const set = vi.spyOn(globalThis, 'setTimeout');
  const { router, call } = chain(answers, answers);
  const { signal } = new AbortController();
  await router.invoke({ ...call, signal, ...(firstEventTimeoutMs !== undefined && { firstEventTimeoutMs }) });
  expect(set.mock.calls.map(([, delay]) => delay)).toEqual(delays);
});

it('a stream that starts and then hangs has not begun', async () => {
  const asked = chain({ steps: [start, hang] }, answers);
  const { outcome, stream } = open(asked, {}, 5_000);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await outcome).toMatchObject({ chunks: [{ value: start }] });
  expect(stream.meta?.served).toEqual({ modelId: 'b', region: 'r-1' });
  expect(asked.aborted()[0]).toBe(true);
});

it('a stream that has begun is bound by no timeout of its attempt', async () => {
  const asked = chain({ steps: [start, text, pause(60_000), end] }, answers);
  const stream = await asked.router.stream({
    ...asked.call,
    signal: new AbortController().signal,
    firstEventTimeoutMs: 5_000,
  });
  const all = readAll(stream.batches);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await all).toHaveLength(3);
  expect(asked.aborted()[0]).toBe(false);
});

it('a stream that has begun is aborted with its call', async () => {
  const asked = chain({ steps: [start, text, hang] }, answers);
  const caller = new AbortController();
  await asked.router.stream({ ...asked.call, signal: caller.signal });
  expect(asked.aborted()[0]).toBe(false);
  caller.abort(new Error('gone'));
  expect(asked.aborted()[0]).toBe(true);
});

it('whole answers have the timeout too, but for the last target', async () => {
  const asked = chain(hangs, { answer: async () => ({ answered: (await pause(9_000)()) === undefined }) });
  const answer = asked.router.invoke({
    ...asked.call,
    signal: new AbortController().signal,
    firstEventTimeoutMs: 5_000,
  });
  await vi.advanceTimersByTimeAsync(14_000);
  expect((await answer).meta).toMatchObject({
    attempts: 2,
    served: { modelId: 'b' },
    failed: [{ code: 'upstream_timeout' }],
  });
});

it('no other target begins with less than 2 s to the deadline', async () => {
  const refuse = (ms: number): InlineScript => ({
    answer: async () => {
      await pause(ms)();
      throw new ProxyError('throttled', { retryAfterSeconds: 3 });
    },
  });
  const ask = async (ms: number) => {
    const asked = chain(refuse(ms), answers);
    const call = { ...asked.call, signal: new AbortController().signal, deadlineAt: performance.now() + 10_000 };
    const outcome = asked.router.invoke(call).then(
      ({ meta }) => meta.served?.modelId,
      ({ code, retryAfterSeconds }: ProxyError) => `${code} ${retryAfterSeconds}`,
    );
    await vi.advanceTimersByTimeAsync(ms);
    return outcome;
  };
  expect(await ask(8_000)).toBe('b');
  expect(await ask(8_001)).toBe('throttled 3');
});

it('the first target begins however little time is left', async () => {
  const asked = chain(answers, answers);
  const { outcome } = open(asked, { deadlineMs: 100 });
  expect(await outcome).toMatchObject({ chunks: [{ value: start }] });
});

it('nothing is tried after the client left', async () => {
  const asked = chain({ steps: [start, hang] }, answers);
  const { outcome, caller } = open(asked);
  await vi.advanceTimersByTimeAsync(1_000);
  const gone = new ReaderGone('client_closed');
  caller.abort(gone);
  expect(await outcome).toBe(gone);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked.counts()).toEqual([1, 0]);
  expect(asked.aborted()).toEqual([true, undefined]);
  expect(asked.noted).toEqual([]);
});

it('nothing is tried for a call that was given up before', async () => {
  const asked = chain(answers, answers);
  const reason = new Error('gone');
  await expect(asked.router.invoke({ ...asked.call, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
