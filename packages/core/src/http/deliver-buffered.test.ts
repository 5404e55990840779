import { describe, expect, it } from 'vitest';
import type { Piece, StreamEncoder } from '../dialects/dialect.js';
import { ProxyError } from '../errors/proxy-error.js';
import { inlineInvoker } from '../ports/inline-invoker.test-helper.js';
import { watchCall } from '../stream/call-watch.js';
import { type EventBatch, openStream } from '../stream/open-stream.js';
import { openAccount } from '../telemetry/account.js';
import { deliverBuffered } from './deliver-buffered.js';

const chunk = { contentBlockDelta: { delta: { text: 'a' }, contentBlockIndex: 0 } };
const stop = { messageStop: { stopReason: 'end_turn' } };
const hasText = ({ events }: EventBatch) => events.some(({ type }) => type === 'text-delta');
const encoder: StreamEncoder = {
  ...{ headers: {}, waitsForFirst: true, onBufferedFailure: { append: 'error-status' } },
  ...{ open: () => '<', batch: (batch) => (hasText(batch) ? 'a' : ''), ping: () => '', end: () => '>' },
  fail: ({ message }) => message,
};

/** The body of an answer whose model gives `steps`, made by the encoder with `change`. */
async function deliver(steps: readonly unknown[], change: Partial<StreamEncoder> = {}) {
  const watch = watchCall({ firstEventTimeoutMs: 1_000, idleTimeoutMs: 1_000 });
  const call = { operation: 'converse', modelId: 'm', body: Buffer.from('{}') } as const;
  const stream = openStream(inlineInvoker({ steps }), call, watch);
  const logger = { info() {}, warn() {}, error() {} };
  const account = openAccount({ requestId: 'r', front: 'test' }, { logger, observerTimeoutMs: 0 });
  const opened = { kind: 'stream', stream, watch, headers: {}, first: await stream.next() } as const;
  return deliverBuffered({ ...opened, encoder: { ...encoder, ...change } }, account, {
    ...{ fits: () => true, maxBodyBytes: 10_000, size: (piece: Piece) => Buffer.byteLength(piece) },
  });
}

describe('the body of an answer in one piece', () => {
  it('is text if all of its pieces are', async () => {
    expect(await deliver([chunk, stop])).toEqual({ body: '<a>' });
  });

  it('is bytes if any of its pieces are', async () => {
    const batch: StreamEncoder['batch'] = (each) => (hasText(each) ? Uint8Array.of(0xff) : '');
    expect(await deliver([chunk, stop], { batch })).toEqual({ body: Buffer.from([0x3c, 0xff, 0x3e]) });
  });

  it('ends in the failure of its model, which is returned too', async () => {
    const failure = new ProxyError('throttled', { message: '!' });
    expect(await deliver([chunk, failure])).toEqual({ body: '<a!', failure });
  });

  it.each([
    ['may fill', 5_904, undefined],
    ['may not pass', 5_905, 'response_too_large'],
  ])('%s the limit of its front, less the room for an error', async (_, length, code) => {
    const filling = 'x'.repeat(length - '<>'.length);
    const batch: StreamEncoder['batch'] = (each) => (hasText(each) ? filling : '');
    const { body, failure } = await deliver([chunk, stop], { batch });
    expect(failure?.code).toBe(code);
    expect(body).toBe(`<${filling}${failure?.message ?? '>'}`);
  });

  it('is none where its dialect refuses a failure', async () => {
    const failure = new ProxyError('throttled');
    await expect(deliver([chunk, failure], { onBufferedFailure: 'refuse' })).rejects.toBe(failure);
  });

  it.each([
    ['the words of the failure, if they fit', 4_096, 'x'.repeat(4_096)],
    ['the words of its code, if those of the failure are too long', 4_097, new ProxyError('throttled').message],
  ])('ends in %s', async (_, length, end) => {
    const failure = new ProxyError('throttled', { message: 'x'.repeat(length) });
    expect(await deliver([chunk, failure])).toEqual({ body: `<a${end}`, failure });
  });

  it.each([
    ['text', { append: 200 }, 'too large'],
    ['refusal', 'refuse', undefined],
  ] as const)(
    'is no larger than its front can send, its end included: it is a %s',
    async (_, onBufferedFailure, body) => {
      const delivering = deliver([chunk, stop], {
        ...{ onBufferedFailure, open: () => '', batch: () => '' },
        ...{ end: () => 'x'.repeat(10_001), fail: () => 'too large' },
      });
      const failure = expect.objectContaining({ code: 'response_too_large' });
      if (body === undefined) await expect(delivering).rejects.toEqual(failure);
      else expect(await delivering).toEqual({ body, failure });
    },
  );
});
