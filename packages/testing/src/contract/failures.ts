import { type ChunkBatch, type ErrorCode, isProxyError, type ProxyError } from '@bedrock-proxy/core';
import { describe, expect, it } from 'vitest';
import { arrange, callOf, chunksOf, operations, readInto, streamedOperations, textsIn, textsOf } from './arrange.js';
import type { InvokerSetup, InvokerSubject, StreamEnding } from './invoker-scenario.js';
import { promptly } from './promises.js';

const refusals: readonly ErrorCode[] = ['throttled', 'upstream_validation', 'upstream_denied', 'model_not_found'];

const breakdowns: readonly (readonly [name: string, ending: StreamEnding, code: ErrorCode])[] = [
  ['throttling that the host reports', { failure: 'throttled' }, 'throttled'],
  ['an error that the host reports', { failure: 'upstream_error' }, 'upstream_error'],
  ['a broken connection', 'broken', 'upstream_truncated'],
];

/** Tests the failures of the host. */
export function testFailures(setup: InvokerSetup): void {
  describe.each(operations)('a refusal of %s', (operation) => {
    it.each(refusals)('as %s rejects with a ProxyError that has meta and the name of the host', async (code) => {
      const subject = await arrange(setup, { type: 'refusal', operation, code });
      const { invoker } = subject;
      const attempts = [invoker.invoke(callOf({ operation }))];
      const streams = operation === 'count-tokens' ? [] : [invoker.stream(callOf({ operation }))];
      for (const attempt of [...attempts, ...streams]) {
        const error = await failureOf(attempt, code);
        expect(error.meta?.attempts).toBeGreaterThanOrEqual(1);
        expectUpstreamName(error, subject);
      }
    });
  });

  describe.each(streamedOperations)('a failure in mid-stream of %s', (operation) => {
    it.each(breakdowns)('by %s throws a ProxyError, after the chunks before it', async (_, ending, code) => {
      const chunks = chunksOf(operation, 3);
      const subject = await arrange(setup, { type: 'stream', operation, chunks, ending });
      const read: ChunkBatch[] = [];
      const reading = subject.invoker.stream(callOf({ operation })).then((stream) => readInto(read, stream));
      const error = await failureOf(reading, code);
      expect(textsIn(read)).toEqual(textsOf(chunks));
      if (ending !== 'broken') expectUpstreamName(error, subject);
    });
  });
}

async function failureOf(attempt: Promise<unknown>, code: ErrorCode): Promise<ProxyError> {
  const settled = attempt.then(
    () => 'no failure',
    (reason: unknown) => reason,
  );
  const error = await promptly(settled, 'the failure is not reported');
  if (!isProxyError(error)) throw new Error(`expected a ProxyError, got ${error}`);
  expect(error.code).toBe(code);
  return error;
}

function expectUpstreamName({ code, upstream }: ProxyError, { upstreamName }: InvokerSubject): void {
  if (upstreamName) expect(upstream?.name).toBe(upstreamName(code));
  if (upstream) expect(upstream.name).not.toBe('');
}
