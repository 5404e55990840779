import type { Chunk, ModelCall, ModelStream } from '@bedrock-proxy/core';
import { onTestFinished } from 'vitest';
import type { InvokerScenario, InvokerSetup, InvokerSubject } from './invoker-scenario.js';

/** A subject that is stopped when the test is over. */
export async function arrange(setup: InvokerSetup, scenario: InvokerScenario): Promise<InvokerSubject> {
  const subject = await setup(scenario);
  onTestFinished(() => subject.stop?.());
  return subject;
}

/** A call of a Claude model, with `overrides`. */
export function callOf(overrides: Partial<ModelCall> = {}): ModelCall {
  return {
    operation: 'invoke-model',
    modelId: 'anthropic.claude-sonnet-4-6',
    body: new TextEncoder().encode('{"max_tokens":9,"messages":[{"role":"user","content":"Grüße"}]}'),
    signal: new AbortController().signal,
    ...overrides,
  };
}

/** JSON documents that differ, as bytes. */
export function documents(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, n) => new TextEncoder().encode(`{ "n":${n}, "text":"é 世 🙂" }`));
}

/** Reads a stream into `chunks` until it ends; what was read stays there when it throws. */
export async function readInto(chunks: Chunk[], stream: ModelStream): Promise<void> {
  for await (const batch of stream.batches) {
    if (batch.chunks.length === 0 && !batch.frames?.length) throw new Error('a batch has chunks or frames');
    chunks.push(...batch.chunks);
  }
}

/** The text of each chunk. */
export function textsOf(chunks: readonly (Chunk | Uint8Array)[]): string[] {
  return chunks.map((chunk) =>
    new TextDecoder('utf-8', { fatal: true }).decode('bytes' in chunk ? chunk.bytes : chunk),
  );
}
