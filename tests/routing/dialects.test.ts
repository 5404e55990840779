import { type ChunkBatch, type ErrorCode, type ModelInvoker, ProxyError } from '@bedrock-proxy/core';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { askChain, batchesOf, dialects } from './chain-of-two.ts';

const fronts = ['streaming', 'buffered'] as const;
const texts = ['canary one', ' canary two'];
const good = ['Good', ' answer'];

/** Ways to fail, with the code that a client is told if nothing else answers. */
const faults: Readonly<
  Record<string, { readonly code: ErrorCode; readonly moves: boolean; fail(signal: AbortSignal): unknown }>
> = {
  'an exception': { code: 'upstream_error', moves: true, fail: () => Promise.reject(new ProxyError('upstream_error')) },
  'a throttle': { code: 'throttled', moves: true, fail: () => Promise.reject(new ProxyError('throttled')) },
  'a clean end': { code: 'upstream_truncated', moves: true, fail: () => undefined },
  'an exception of the request': {
    ...{ code: 'upstream_validation', moves: false },
    fail: () => Promise.reject(new ProxyError('upstream_validation')),
  },
  'a bug': { code: 'internal', moves: false, fail: () => Promise.reject(new Error('canary')) },
};

/** A model that streams `batches`, and then fails. */
function failing(batches: readonly ChunkBatch[], fail: (signal: AbortSignal) => unknown): ModelInvoker {
  return {
    invoke: async ({ signal }) => {
      await fail(signal);
      throw new ProxyError('upstream_truncated');
    },
    stream: async ({ signal }) => {
      async function* play() {
        yield* batches;
        await fail(signal);
      }
      return { contentType: 'application/json', meta: { attempts: 1 }, batches: play() };
    },
  };
}

const healthy = () => new FakeInvoker().replyText(...good);

describe.each(Object.keys(dialects))('%s, through a chain of two', (name) => {
  const { questions } = dialects[name] ?? {};
  if (!questions?.stream || !questions.whole) throw new Error('no question');
  const { errorCode = (code: ErrorCode) => code } = questions;
  const { stream, whole } = { stream: questions.stream, whole: questions.whole };
  let batches: readonly ChunkBatch[];
  /** The batches before the first text, and before the end marker. */
  let contentAt: number;
  let endAt: number;
  beforeAll(async () => {
    batches = await batchesOf(name, ...texts);
    contentAt = batches.findIndex(({ chunks }) =>
      chunks.some(({ bytes }) => Buffer.from(bytes).includes('canary one')),
    );
    endAt = batches.findIndex(({ chunks }) =>
      chunks.some(({ bytes }) => /message_delta|end_turn/.test(Buffer.from(bytes).toString())),
    );
  });

  describe.each(fronts)('a stream of a %s front', (front) => {
    it.each(Object.keys(faults))('has one true end, whatever batch of the first target %s follows', async (way) => {
      const fault = faults[way];
      if (!fault) throw new Error('no fault');
      expect(contentAt).toBeGreaterThan(0);
      expect(endAt).toBeGreaterThan(contentAt);
      for (let count = 0; count <= batches.length; count += 1) {
        const second = healthy();
        const answer = await askChain(name, 'stream', front, {
          first: failing(batches.slice(0, count), fault.fail),
          second,
        });
        const reading = stream.read(answer);
        const at = `after ${count} batches`;
        const moves = count <= contentAt && fault.moves;
        expect(second.calls.length, at).toBe(moves ? 1 : 0);
        if (moves) {
          expect(reading, at).toEqual({ kind: 'done', text: 'Good answer' });
          // No byte of the failed attempt: the frames of binary answers too.
          expect(answer.text, at).not.toContain('canary');
          expect(answer.headers['x-served-model']).toBe('anthropic.claude-second');
          const counts = { fallbacks: 1, attempts: 2 };
          expect(answer.record).toMatchObject({
            terminal: 'done',
            ...counts,
            servedRegion: 'eu-west-1',
            modelId: 'chain',
          });
          expect(answer.record.servedModelId).toBe('anthropic.claude-second');
          continue;
        }
        expect(answer.record.fallbacks, at).toBeUndefined();
        expect(reading.text, at).not.toContain('Good');
        const isWhole = count > endAt && (way === 'a clean end' || fault.code === 'upstream_truncated');
        if (isWhole) expect(reading, at).toEqual({ kind: 'done', text: texts.join('') });
        else expect(reading, at).toMatchObject({ kind: 'error', code: errorCode(fault.code) });
        expect(texts.join('').startsWith(reading.text), at).toBe(true);
        expect(answer.record.terminal).toBe(isWhole ? 'done' : 'error');
      }
    });

    it.each(Object.keys(faults))('has one true end, whatever batch of the last target %s follows', async (way) => {
      const fault = faults[way];
      if (!fault) throw new Error('no fault');
      for (let count = 0; count <= batches.length; count += 1) {
        const first = new FakeInvoker().failWith('upstream_denied', { cause: new Error('canary') });
        const answer = await askChain(name, 'stream', front, {
          first,
          second: failing(batches.slice(0, count), fault.fail),
        });
        const reading = stream.read(answer);
        const isWhole = count > endAt && way === 'a clean end';
        if (isWhole) expect(reading).toEqual({ kind: 'done', text: texts.join('') });
        else expect(reading).toMatchObject({ kind: 'error', code: errorCode(fault.code) });
        expect(texts.join('').startsWith(reading.text)).toBe(true);
        expect(answer.record.fallbacks).toBe(count <= contentAt && fault.moves ? 2 : 1);
      }
    });

    it('moves on from a target that hangs before its first text', async () => {
      const hang = (signal: AbortSignal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      const first = failing(batches.slice(0, contentAt), hang);
      const answer = await askChain(name, 'stream', front, { first, second: healthy() });
      expect(stream.read(answer)).toEqual({ kind: 'done', text: 'Good answer' });
      expect(answer.text).not.toContain('canary');
    });
  });

  it('names the target that served in headers and body of a whole answer', async () => {
    const first = new FakeInvoker().failWith('throttled');
    const answer = await askChain(name, 'whole', 'streaming', { first, second: healthy() });
    expect(whole.read(answer)).toEqual({ kind: 'done', text: 'Good answer' });
    expect(answer.headers['x-served-model']).toBe('anthropic.claude-second');
    if (name === 'openai') expect(JSON.parse(answer.text).model).toBe('anthropic.claude-second');
    expect(answer.record).toMatchObject({ fallbacks: 1, attempts: 2, servedModelId: 'anthropic.claude-second' });
  });

  it('refuses in its own words if no target answers', async () => {
    const first = new FakeInvoker().failWith('upstream_denied');
    const second = new FakeInvoker().failWith('throttled', { retryAfterSeconds: 7 });
    for (const kind of ['whole', 'stream'] as const) {
      const answer = await askChain(name, kind, 'streaming', { first, second });
      expect((kind === 'whole' ? whole : stream).read(answer)).toMatchObject({
        kind: 'error',
        code: errorCode('throttled'),
      });
      expect(answer.headers['retry-after']).toBe('7');
      first.failWith('upstream_denied');
      second.failWith('throttled', { retryAfterSeconds: 7 });
    }
  });
});
