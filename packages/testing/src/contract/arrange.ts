import type { Chunk, ChunkBatch, ModelCall, ModelOperation, ModelStream } from '@bedrock-proxy/core';
import { onTestFinished } from 'vitest';
import type { InvokerScenario, InvokerSetup, InvokerSubject, StreamScenario } from './invoker-scenario.js';

/** The operations that can be streamed. */
export const streamedOperations = ['invoke-model', 'converse'] as const;

/** All operations. */
export const operations = [...streamedOperations, 'count-tokens'] as const;

/** Prepares a subject, and stops it after the test. */
export async function arrange(setup: InvokerSetup, scenario: InvokerScenario): Promise<InvokerSubject> {
  const subject = await setup(scenario);
  onTestFinished(() => subject.stop?.());
  return subject;
}

const bodies: Readonly<Record<ModelOperation, string>> = {
  'invoke-model':
    '{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":"Grüße"}]}',
  converse: '{"messages":[{"role":"user","content":[{"text":"Grüße"}]}]}',
  'count-tokens': '{"input":{"converse":{"messages":[{"role":"user","content":[{"text":"Grüße"}]}]}}}',
};

/** A call of a Claude model, `invoke-model` by default. */
export function callOf(overrides: Partial<ModelCall> = {}): ModelCall {
  const operation = overrides.operation ?? 'invoke-model';
  return {
    operation,
    modelId: 'anthropic.claude-sonnet-4-6',
    body: new TextEncoder().encode(bodies[operation]),
    signal: new AbortController().signal,
    ...overrides,
  };
}

const eventTypes = ['messageStart', 'contentBlockDelta', 'somethingNew', 'metadata'];

/** Different chunks of JSON. For `converse`, some are events of an unknown type. */
export function chunksOf(operation: StreamScenario['operation'], count: number): Chunk[] {
  return Array.from({ length: count }, (_, n) => ({
    bytes: new TextEncoder().encode(`{ "n":${n}, "text":"é 世 🙂" }`),
    ...(operation === 'converse' && { eventType: eventTypes[n % eventTypes.length] ?? '' }),
  }));
}

/** Reads a stream into `batches` until it ends. If it throws, the batches before the error are there. */
export async function readInto(batches: ChunkBatch[], stream: ModelStream): Promise<void> {
  for await (const { chunks, frames } of stream.batches) {
    if (chunks.length === 0 && !frames?.length) throw new Error('a batch has neither chunks nor frames');
    batches.push({
      chunks: chunks.map((chunk) => ({ ...chunk, bytes: chunk.bytes.slice() })),
      ...(frames && { frames: frames.slice() }),
    });
  }
}

/** Each chunk as text, after the type of its event if it has one. */
export function textsOf(chunks: readonly Chunk[]): string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return chunks.map(({ bytes, eventType }) => [eventType ?? [], decoder.decode(bytes)].flat().join(' '));
}

/** The chunks of all batches, as `textsOf` writes them. */
export function textsIn(batches: readonly ChunkBatch[]): string[] {
  return textsOf(batches.flatMap(({ chunks }) => chunks));
}
