import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BedrockEmulator,
  encodeChunkFrame,
  startBedrockEmulator,
  streamReply,
} from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTracedProxy } from './traced-proxy.ts';

interface Sample {
  readonly modelId: string;
  readonly chunks: readonly object[];
  readonly expected: {
    readonly inputTokens: number | null;
    readonly outputTokens: number | null;
    readonly nativeOutputTokens?: number;
    readonly cacheReadInputTokens?: number;
    readonly cacheWriteInputTokens?: number;
    readonly stopReason: string | null;
  };
}

const folder = process.env.BEDROCK_PROXY_SAMPLES;
const read = (name: string): Sample => JSON.parse(readFileSync(join(folder ?? '', name), 'utf8'));
const isPlain = ({ chunks }: Sample) =>
  chunks.length > 0 &&
  chunks.every((chunk) => typeof chunk === 'object' && !('__event' in chunk || '__exception' in chunk));
const samples = (folder === undefined ? [] : readdirSync(folder))
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name, read(name)] as const)
  .filter(([, sample]) => isPlain(sample));

let emulator: BedrockEmulator;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
});
afterAll(() => emulator.close());

describe.skipIf(folder === undefined)('spans of samples (BEDROCK_PROXY_SAMPLES names their folder)', () => {
  it('are of many samples', () => {
    expect(samples.length).toBeGreaterThan(30);
  });

  it.each(samples)('%s has its counts and its stop reason', async (_, { modelId, chunks, expected }) => {
    emulator.respondWith(streamReply(chunks.map((chunk) => encodeChunkFrame(chunk))));
    const { ask, spans } = startTracedProxy(emulator.url);
    await ask({ body: { modelId, stream: true } });
    const { inputTokens, outputTokens, nativeOutputTokens = 0, stopReason } = expected;
    const { cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = expected;
    const attributes = spans[0]?.attributes;
    expect(spans).toHaveLength(1);
    const input = inputTokens === null ? undefined : inputTokens + cacheReadInputTokens + cacheWriteInputTokens;
    expect(attributes?.['gen_ai.usage.input_tokens']).toBe(input);
    const output = outputTokens === null ? undefined : Math.max(outputTokens, nativeOutputTokens);
    expect(attributes?.['gen_ai.usage.output_tokens']).toBe(output);
    expect(attributes?.['gen_ai.response.finish_reasons'] ?? null).toEqual(stopReason === null ? null : [stopReason]);
  });
});
