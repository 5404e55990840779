import { type Chunk, type ErrorCode, isProxyError } from '@bedrock-proxy/core';
import { describe, expect, it } from 'vitest';
import { arrange, callOf, documents, readInto, textsOf } from './arrange.js';
import type { InvokerSetup, StreamEnding } from './invoker-scenario.js';
import { promptly } from './settles-promptly.js';

const refusals: readonly ErrorCode[] = ['throttled', 'upstream_validation', 'upstream_denied', 'model_not_found'];

const breakdowns: readonly (readonly [name: string, ending: StreamEnding, code: ErrorCode])[] = [
  ['throttling that the host reports', { failure: 'throttled' }, 'throttled'],
  ['an error that the host reports', { failure: 'upstream_error' }, 'upstream_error'],
  ['a connection that breaks', 'broken', 'upstream_truncated'],
];

/** How an invoker fails. */
export function testFailures(setup: InvokerSetup): void {
  describe('a refusal', () => {
    it.each(refusals)('as %s rejects invoke and stream with a ProxyError that carries meta', async (code) => {
      const { invoker } = await arrange(setup, { type: 'refusal', code });
      for (const attempt of [invoker.invoke(callOf()), invoker.stream(callOf())]) {
        const error: unknown = await promptly(
          attempt.catch((reason: unknown) => reason),
          'the refusal is not reported',
        );
        expect(isProxyError(error)).toBe(true);
        expect(error).toMatchObject({ code, meta: { attempts: expect.any(Number) } });
        expect(isProxyError(error) && error.meta?.attempts).toBeGreaterThanOrEqual(1);
      }
    });
  });

  describe('a failure in mid-stream', () => {
    it.each(breakdowns)('by %s comes as a ProxyError, after the chunks before it', async (_, ending, code) => {
      const chunks = documents(3);
      const { invoker } = await arrange(setup, { type: 'stream', chunks, ending });
      const read: Chunk[] = [];
      const reading = invoker.stream(callOf()).then((stream) => readInto(read, stream));
      const error: unknown = await promptly(
        reading.catch((reason: unknown) => reason),
        'the failure is not reported',
      );
      expect(isProxyError(error)).toBe(true);
      expect(error).toMatchObject({ code });
      expect(textsOf(read)).toEqual(textsOf(chunks));
    });
  });
}
