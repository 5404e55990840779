import { describe, expect, it } from 'vitest';
import { ProxyError } from '../errors/proxy-error.js';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import type { ChunkBatch, FailedAttempt, ModelCall, ModelInvoker } from '../ports/model-invoker.js';
import { streamModel } from '../stream/stream-model.js';
import { routingInvoker } from './routing-invoker.js';

const start = { type: 'message_start', message: { usage: { input_tokens: 7, output_tokens: 1 } } };
const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
const ping = { type: 'ping' };
const text = (piece: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } });
const stop = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } };
const end = { type: 'message_stop' };
const whole = [start, block, ping, text('good'), text(' answer'), stop, end];

const call = (over: Partial<ModelCall> = {}): ModelCall => ({
  operation: 'invoke-model',
  modelId: 'a',
  body: Buffer.from('{}'),
  signal: new AbortController().signal,
  targets: [{ model: 'a' }, { model: 'b' }],
  ...over,
});

/** Asks a model whose stream plays `steps`, then a model that answers well. */
async function ask(steps: readonly unknown[], over: Partial<ModelCall> = {}) {
  const first = inlineInvoker({ steps, meta: { attempts: 1, upstreamRequestId: 'first' } });
  const second = inlineInvoker({ steps: whole, meta: { attempts: 1, upstreamRequestId: 'second' } });
  const noted: FailedAttempt[] = [];
  const router = routingInvoker({
    invokerFor: () => {
      const invokers: Record<string, ModelInvoker> = { a: first, b: second };
      return {
        invoke: (attempt) => (invokers[attempt.modelId] ?? first).invoke(attempt),
        stream: (attempt) => (invokers[attempt.modelId] ?? first).stream(attempt),
      };
    },
  });
  const asked = call({ onFailedAttempt: (attempt) => void noted.push(attempt), ...over });
  const result = { text: '', bytes: '', error: undefined as unknown, meta: undefined as unknown };
  try {
    const stream = await router.stream(asked);
    result.meta = stream.meta;
    for await (const { chunks } of stream.batches) {
      for (const { bytes } of chunks) result.bytes += Buffer.from(bytes).toString();
    }
  } catch (error) {
    result.error = error;
  }
  result.text = [...result.bytes.matchAll(/"text_delta","text":"([^"]*)"/g)].map(([, piece]) => piece).join('');
  return { ...result, noted, first, second };
}

const failure = new ProxyError('upstream_error');
const contents: readonly (readonly [name: string, chunk: object])[] = [
  ['text', text('bad')],
  ['reasoning', { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'bad' } }],
  ['a tool call', { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 't', name: 'bad' } }],
  ['a chunk of an unknown format', { unknown: 'bad' }],
  ['the end of the answer', stop],
];

describe('a stream that fails before its first content', () => {
  it.each(Array.from({ length: 4 }, (_, count) => count))('is asked elsewhere, after %i batches', async (count) => {
    const { text: read, bytes, noted, first } = await ask([...[start, block, ping].slice(0, count), failure]);
    expect(read).toBe('good answer');
    expect(bytes).toBe(whole.map((chunk) => JSON.stringify(chunk)).join(''));
    expect(noted).toMatchObject([{ modelId: 'a', code: 'upstream_error', upstreamRequestId: 'first' }]);
    expect(noted[0]?.usage).toEqual(count === 0 ? undefined : { inputTokens: 7, outputTokens: 1 });
    expect(first.calls[0]?.signal.aborted).toBe(true);
  });

  it.each([
    ['overloaded_error', 'upstream_unavailable'],
    ['rate_limit_error', 'throttled'],
    ['permission_error', 'upstream_denied'],
    ['api_error', 'upstream_error'],
  ])('is asked elsewhere after an error in-band: %s', async (type, code) => {
    const { bytes, noted } = await ask([start, { type: 'error', error: { type, message: 'bad' } }]);
    expect(bytes).not.toContain('bad');
    expect(noted).toMatchObject([{ code }]);
  });

  it('is the answer if the error in-band concerns the request', async () => {
    const { error, second } = await ask([
      start,
      { type: 'error', error: { type: 'invalid_request_error', message: 'bad' } },
    ]);
    expect(error).toMatchObject({ code: 'upstream_validation', meta: { attempts: 1, served: { modelId: 'a' } } });
    expect(second.calls).toEqual([]);
  });

  it.each([[[]], [[start]], [[start, block, ping]]])('is asked elsewhere after a clean end: %j', async (steps) => {
    const { text: read, noted } = await ask(steps);
    expect(read).toBe('good answer');
    expect(noted).toMatchObject([{ code: 'upstream_truncated' }]);
  });

  it('is asked elsewhere after a reset, which is no failure of the model', async () => {
    const { text: read } = await ask([start, new ProxyError('upstream_truncated')]);
    expect(read).toBe('good answer');
  });
});

describe('a stream that has begun', () => {
  it.each(contents)('is never asked elsewhere: after %s', async (_, chunk) => {
    const { bytes, error, second, noted } = await ask([start, chunk, failure]);
    expect(bytes).toBe(JSON.stringify(start) + JSON.stringify(chunk));
    expect(error).toBe(failure);
    expect(second.calls).toEqual([]);
    expect(noted).toEqual([]);
  });

  it('has begun with content in the batch that brings an error', async () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'bad' } };
    const { bytes, second } = await ask([start, [text('bad'), error]]);
    expect(bytes).toContain('overloaded_error');
    expect(second.calls).toEqual([]);
  });

  it('has begun with 64 KB that were held back', async () => {
    const large = { type: 'ping', padding: 'x'.repeat(40_000) };
    const { error, second } = await ask([large, large, failure]);
    expect(error).toBe(failure);
    expect(second.calls).toEqual([]);
    expect((await ask([large, failure])).text).toBe('good answer');
  });

  it('measures the frames of batches without chunks', async () => {
    const frames = (length: number) =>
      async function* (): AsyncGenerator<ChunkBatch> {
        yield { chunks: [], frames: new Uint8Array(length) };
        throw failure;
      };
    const answerOf = async (length: number) => {
      const first = { contentType: 'x', meta: { attempts: 1 }, batches: frames(length)() };
      const other = inlineInvoker({ steps: whole });
      const router = routingInvoker({
        invokerFor: () => ({
          ...other,
          stream: async (attempt) => (attempt.modelId === 'a' ? first : other.stream(attempt)),
        }),
      });
      return (await router.stream(call())).meta.served?.modelId;
    };
    expect(await answerOf(65_536)).toBe('a');
    expect(await answerOf(65_535)).toBe('b');
  });

  it('gives every batch as it came, and in time', async () => {
    const seen: string[] = [];
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const invoker = inlineInvoker({ steps: [[start, block], text('one'), () => gate, text('two'), stop, end] });
    const stream = await routingInvoker({ invokerFor: () => invoker }).stream(call());
    for await (const { chunks } of stream.batches) {
      seen.push(chunks.map(({ bytes }) => Buffer.from(bytes).toString()).join(''));
      if (seen.length === 2) release();
    }
    const expected = [[start, block], [text('one')], [text('two')], [stop], [end]];
    expect(seen).toEqual(expected.map((chunks) => chunks.map((chunk) => JSON.stringify(chunk)).join('')));
  });

  it('is read by streamModel like any other', async () => {
    const first = inlineInvoker({ steps: [start, failure] });
    const second = inlineInvoker({ steps: whole });
    const invoker = routingInvoker({ invokerFor: ({ region }) => (region === 'x' ? first : second) });
    const options = { serviceTier: 'flex', performanceLatency: 'standard' } as const;
    const input = {
      modelId: 'a',
      payload: {},
      options,
      targets: [
        { model: 'a', region: 'x' },
        { model: 'b', options: { serviceTier: 'priority' } as const },
      ],
      firstEventTimeoutMs: 1_000,
    };
    expect((await streamModel(invoker, input).collect()).text).toBe('good answer');
    expect(first.calls[0]).toMatchObject({ modelId: 'a', options, maxAttempts: 1 });
    expect(second.calls[0]).toMatchObject({ modelId: 'b', options: { ...options, serviceTier: 'priority' } });
  });
});
