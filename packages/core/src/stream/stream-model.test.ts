import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../errors/proxy-error.js';
import { hang, inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import { streamModel } from './stream-model.js';

const text = (value: string) => ({ type: 'content_block_delta', delta: { type: 'text_delta', text: value } });
const end = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } };

const hello = [text('Hel'), [text('lo'), end]];
const broken = [text('Hel')];
const silent = [text('Hel'), hang];

const input = { modelId: 'm', payload: { max_tokens: 5 } };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a stream of a model', () => {
  it('calls it when iteration begins, once', async () => {
    const invoker = inlineInvoker({ steps: hello });
    const stream = streamModel(invoker, { ...input, options: { serviceTier: 'flex' } });
    expect(invoker.calls).toHaveLength(0);
    const types = [];
    for await (const { type } of stream) types.push(type);
    expect(types).toEqual(['text-delta', 'text-delta', 'usage-report', 'stream-end']);
    for await (const _ of stream) throw new Error('it is over');
    expect(invoker.calls).toHaveLength(1);
    expect(invoker.calls[0]).toMatchObject({
      operation: 'invoke-model',
      modelId: 'm',
      options: { serviceTier: 'flex' },
    });
    expect(Buffer.from(invoker.calls[0]?.body ?? []).toString()).toBe('{"max_tokens":5}');
    // There is nothing left to abort.
    expect(invoker.calls[0]?.signal.aborted).toBe(false);
  });

  it('is collected to a whole answer', async () => {
    const invoker = inlineInvoker({ steps: hello });
    await expect(streamModel(invoker, input).collect()).resolves.toEqual({
      text: 'Hello',
      reasoning: '',
      toolCalls: [],
      usage: { outputTokens: 5 },
      stopReason: 'stop',
      nativeStopReason: 'end_turn',
    });
    expect(invoker.calls[0]).not.toHaveProperty('options');
  });

  it('throws where it was cut, so that a loop that ends has seen all of it', async () => {
    await expect(streamModel(inlineInvoker({ steps: broken }), input).collect()).rejects.toMatchObject({
      name: 'ProxyError',
      code: 'upstream_truncated',
      retryable: true,
    });
  });

  it('throws a refusal as it is', async () => {
    const refusal = new ProxyError('throttled');
    await expect(streamModel(inlineInvoker({ refusal }), input).collect()).rejects.toBe(refusal);
  });

  it('has the message of an unexpected error, which its invoker wrote', async () => {
    const cause = new TypeError('the script has 0 replies');
    const invoker = { invoke: () => Promise.reject(cause), stream: () => Promise.reject(cause) };
    await expect(streamModel(invoker, input).collect()).rejects.toMatchObject({
      ...{ name: 'ProxyError', code: 'internal', cause },
      message: 'The call failed unexpectedly: the script has 0 replies',
    });
    await expect(streamModel({ ...invoker, stream: () => Promise.reject('odd') }, input).collect()).rejects.toThrow(
      /^The proxy failed unexpectedly/,
    );
  });

  it('tells its invoker when it must be over', async () => {
    const invoker = inlineInvoker({ steps: hello });
    await streamModel(invoker, input, { deadlineMs: 90 }).collect();
    expect(invoker.calls[0]).toMatchObject({ deadlineAt: 90 });
  });

  it('gives its call up when the loop is left', async () => {
    const invoker = inlineInvoker({ steps: silent });
    for await (const event of streamModel(invoker, input)) {
      expect(event).toEqual({ type: 'text-delta', text: 'Hel', index: 0 });
      expect(invoker.calls[0]?.signal.aborted).toBe(false);
      break;
    }
    expect(invoker.calls[0]?.signal.aborted).toBe(true);
  });

  it("throws the reason of the caller's signal", async () => {
    const caller = new AbortController();
    const reading = streamModel(inlineInvoker({ steps: silent }), input, { signal: caller.signal }).collect();
    await vi.advanceTimersByTimeAsync(10);
    const reason = new Error('enough');
    caller.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});

describe('its limits', () => {
  const mute = [hang];

  it.each([
    ['the first event, 300 s by default', mute, {}, 300_000, 'upstream_timeout'],
    ['the first event, as told', mute, { firstEventTimeoutMs: 70 }, 70, 'upstream_timeout'],
    ['the next event, 300 s by default', silent, {}, 300_000, 'upstream_timeout'],
    ['the next event, as told', silent, { idleTimeoutMs: 80 }, 80, 'upstream_timeout'],
    ['the whole, as told', silent, { deadlineMs: 90 }, 90, 'deadline_exceeded'],
  ] as const)('hold for %s', async (_, steps, options, ms, code) => {
    let outcome: unknown = 'reading';
    const invoker = inlineInvoker({ steps });
    streamModel(invoker, input, options)
      .collect()
      .catch((error: unknown) => {
        outcome = error;
      });
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(outcome).toBe('reading');
    await vi.advanceTimersByTimeAsync(1);
    expect(outcome).toMatchObject({ code });
  });

  it('do not count the time that the body of the loop takes', async () => {
    const invoker = inlineInvoker({ steps: hello });
    let said = '';
    for await (const event of streamModel(invoker, input, { idleTimeoutMs: 50, firstEventTimeoutMs: 50 })) {
      await vi.advanceTimersByTimeAsync(1_000);
      if (event.type === 'text-delta') said += event.text;
    }
    expect(said).toBe('Hello');
  });
});
