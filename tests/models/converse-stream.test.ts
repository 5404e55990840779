import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { invokeModel, streamModel } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import {
  type BedrockEmulator,
  encodeConverseFrame,
  startBedrockEmulator,
  streamReply,
} from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const modelId = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const payload = { messages: [{ role: 'user', content: [{ text: 'Hello' }] }] };
const call = { operation: 'converse', modelId, payload } as const;

let emulator: BedrockEmulator;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
});
afterAll(() => emulator.close());

const invoker = () =>
  createBedrockInvoker({
    region: 'us-east-1',
    endpoint: emulator.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });

type Event = Readonly<Record<string, object>>;

const framesOf = (events: readonly Event[]) =>
  events.map((event) => {
    const [[type, members] = ['', {}]] = Object.entries(event);
    return encodeConverseFrame(type, members);
  });

async function collect(...events: readonly Event[]) {
  emulator.respondWith(streamReply(framesOf(events)));
  return await streamModel(invoker(), call).collect();
}

describe('Converse through the library', () => {
  it('streams text, with its counts and its stop reason', async () => {
    emulator.respondWith(undefined);
    const { text, usage, stopReason, nativeStopReason } = await streamModel(invoker(), call).collect();
    expect(text).toContain('Hello');
    expect(usage).toMatchObject({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) });
    expect({ stopReason, nativeStopReason }).toEqual({ stopReason: 'stop', nativeStopReason: 'end_turn' });
    expect(emulator.requests.at(-1)?.target).toEqual({ modelId, operation: 'converse-stream' });
    expect(emulator.requests.at(-1)?.json()).toEqual(payload);
  });

  it('returns a whole answer and a count', async () => {
    emulator.respondWith(undefined);
    const answer = await invokeModel(invoker(), call);
    expect(answer.json()).toMatchObject({ output: { message: { role: 'assistant' } } });
    expect(answer).toMatchObject({ stopReason: 'stop', usage: { inputTokens: expect.any(Number) } });
    const count = await invokeModel(invoker(), {
      operation: 'count-tokens',
      modelId: modelId.slice('us.'.length),
      payload: { input: { converse: payload } },
    });
    expect(count.json()).toEqual({ inputTokens: expect.any(Number) });
  });
});

describe('a stream of Converse', () => {
  const start = { messageStart: { role: 'assistant' } };
  const delta = { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'Hi' } } };
  const stop = { messageStop: { stopReason: 'end_turn' } };
  const metadata = { metadata: { usage: { inputTokens: 3, outputTokens: 4 }, metrics: { latencyMs: 1 } } };

  it('keeps its counts if its metadata come twice', async () => {
    const again = { metadata: { metrics: { latencyMs: 2 } } };
    expect(await collect(start, delta, stop, metadata, again)).toMatchObject({
      text: 'Hi',
      usage: { inputTokens: 3, outputTokens: 4 },
    });
  });

  it('is whole without metadata', async () => {
    expect(await collect(start, delta, stop)).toMatchObject({ text: 'Hi', stopReason: 'stop' });
  });

  it.each([
    ['without a stop', [start, delta]],
    ['without a stop, but with counts', [start, delta, metadata]],
    ['without text', [start]],
  ])('that ends %s was cut', async (_, events) => {
    await expect(collect(...events)).rejects.toMatchObject({ code: 'upstream_truncated' });
  });
});

interface Sample {
  readonly wire?: string;
  readonly chunks: readonly Event[];
  readonly expected: {
    readonly text: string;
    readonly stopReason: string | null;
    readonly inputTokens: number | null;
    readonly outputTokens: number | null;
    readonly reasoning?: string;
    readonly toolCalls?: readonly object[];
    readonly error?: object;
  };
}

const folder = process.env['BEDROCK_PROXY_SAMPLES'];
if (folder !== undefined) {
  const samples = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name): [string, Sample] => [name, JSON.parse(readFileSync(join(folder, name), 'utf8'))])
    .filter(([, { wire, expected }]) => wire === 'converse-stream' && expected.error === undefined);

  it.each(samples)('the recording %s reads as was expected', async (_, { chunks, expected }) => {
    const { text, nativeStopReason, usage, reasoning, toolCalls } = await collect(...chunks);
    expect({ text, nativeStopReason, reasoning, toolCalls }).toMatchObject({
      text: expected.text,
      nativeStopReason: expected.stopReason,
      reasoning: expected.reasoning ?? '',
      toolCalls: expected.toolCalls ?? [],
    });
    expect(usage).toMatchObject({ inputTokens: expected.inputTokens, outputTokens: expected.outputTokens });
  });
}
