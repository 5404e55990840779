import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../errors/proxy-error.js';
import type { Chunk, ChunkBatch, ModelCall, ModelInvoker } from '../ports/model-invoker.js';
import { streamModel } from './stream-model.js';

const chunk = (document: object): Chunk => ({ bytes: Buffer.from(JSON.stringify(document)) });
const text = (value: string) => chunk({ type: 'content_block_delta', delta: { type: 'text_delta', text: value } });
const end = chunk({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } });

function invokerOf(batches: () => AsyncGenerator<ChunkBatch>) {
  const calls: ModelCall[] = [];
  const invoker: ModelInvoker = {
    invoke: () => Promise.reject(new Error('not asked for')),
    stream: async (call) => {
      calls.push(call);
      return { contentType: 'application/json', meta: { attempts: 1 }, batches: batches() };
    },
  };
  return { invoker, calls };
}

async function* hello(): AsyncGenerator<ChunkBatch> {
  yield { chunks: [text('Hel')] };
  yield { chunks: [text('lo'), end] };
}
async function* broken(): AsyncGenerator<ChunkBatch> {
  yield { chunks: [text('Hel')] };
}
async function* silent(): AsyncGenerator<ChunkBatch> {
  yield { chunks: [text('Hel')] };
  await new Promise(() => undefined);
}

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
    const { invoker, calls } = invokerOf(hello);
    const stream = streamModel(invoker, { ...input, options: { serviceTier: 'flex' } });
    expect(calls).toHaveLength(0);
    const types = [];
    for await (const { type } of stream) types.push(type);
    expect(types).toEqual(['text-delta', 'text-delta', 'usage-report', 'stream-end']);
    for await (const _ of stream) throw new Error('it is over');
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ operation: 'invoke-model', modelId: 'm', options: { serviceTier: 'flex' } });
    expect(Buffer.from(calls[0]?.body ?? []).toString()).toBe('{"max_tokens":5}');
    // There is nothing left to abort.
    expect(calls[0]?.signal.aborted).toBe(false);
  });

  it('is collected to a whole answer', async () => {
    const { invoker, calls } = invokerOf(hello);
    await expect(streamModel(invoker, input).collect()).resolves.toEqual({
      text: 'Hello',
      reasoning: '',
      toolCalls: [],
      usage: { outputTokens: 5 },
      stopReason: 'stop',
      nativeStopReason: 'end_turn',
    });
    expect(calls[0]).not.toHaveProperty('options');
  });

  it('throws where it was cut, so that a loop that ends has seen all of it', async () => {
    await expect(streamModel(invokerOf(broken).invoker, input).collect()).rejects.toMatchObject({
      name: 'ProxyError',
      code: 'upstream_truncated',
      retryable: true,
    });
  });

  it('throws a refusal as it is', async () => {
    const refusal = new ProxyError('throttled');
    const { invoker } = invokerOf(hello);
    const refusing: ModelInvoker = { ...invoker, stream: () => Promise.reject(refusal) };
    await expect(streamModel(refusing, input).collect()).rejects.toBe(refusal);
  });

  it('gives its call up when the loop is left', async () => {
    const { invoker, calls } = invokerOf(silent);
    for await (const event of streamModel(invoker, input)) {
      expect(event).toEqual({ type: 'text-delta', text: 'Hel', index: 0 });
      expect(calls[0]?.signal.aborted).toBe(false);
      break;
    }
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  it("throws the reason of the caller's signal", async () => {
    const caller = new AbortController();
    const reading = streamModel(invokerOf(silent).invoker, input, { signal: caller.signal }).collect();
    await vi.advanceTimersByTimeAsync(10);
    const reason = new Error('enough');
    caller.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});

describe('its limits', () => {
  async function* mute(): AsyncGenerator<ChunkBatch> {
    await new Promise(() => undefined);
  }

  it.each([
    ['the first event, 120 s by default', mute, {}, 120_000, 'upstream_timeout'],
    ['the first event, as told', mute, { firstEventTimeoutMs: 70 }, 70, 'upstream_timeout'],
    ['the next event, 60 s by default', silent, {}, 60_000, 'upstream_timeout'],
    ['the next event, as told', silent, { idleTimeoutMs: 80 }, 80, 'upstream_timeout'],
    ['the whole, as told', silent, { deadlineMs: 90 }, 90, 'deadline_exceeded'],
  ] as const)('hold for %s', async (_, batches, options, ms, code) => {
    let outcome: unknown = 'reading';
    const { invoker } = invokerOf(batches);
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
    const { invoker } = invokerOf(hello);
    let said = '';
    for await (const event of streamModel(invoker, input, { idleTimeoutMs: 50, firstEventTimeoutMs: 50 })) {
      await vi.advanceTimersByTimeAsync(1_000);
      if (event.type === 'text-delta') said += event.text;
    }
    expect(said).toBe('Hello');
  });
});
