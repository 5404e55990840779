import { afterEach, expect, it, vi } from 'vitest';
import type { Piece, StreamEncoder } from '../dialects/dialect.js';
import { ProxyError } from '../errors/proxy-error.js';
import type { ModelInvoker } from '../ports/model-invoker.js';
import { watchCall } from '../stream/call-watch.js';
import { type EventBatch, openStream } from '../stream/open-stream.js';
import { openAccount } from '../telemetry/account.js';
import { deliverStream } from './deliver-stream.js';

afterEach(() => void vi.useRealTimers());

const batchOf = (text: string): EventBatch => ({ chunks: [], events: [{ type: 'text-delta', text }] });
const encoder: StreamEncoder = {
  headers: {},
  waitsForFirst: false,
  onBufferedFailure: 'refuse',
  ping: () => ': ping\n\n',
  open: () => '<',
  batch: ({ events }: EventBatch) => events.map((event) => (event.type === 'text-delta' ? event.text : '')).join(''),
  end: () => '>',
  fail: () => '!',
};

type Step = EventBatch | 'awake' | ProxyError;

/** The pieces of an answer whose stream gives `steps`, made by the encoder with `change`. */
async function deliver(steps: readonly Step[], change: Partial<StreamEncoder> = {}): Promise<readonly Piece[]> {
  const watch = watchCall({ firstEventTimeoutMs: 1_000, idleTimeoutMs: 1_000 });
  const left = [...steps];
  const next = async () => {
    const step = left.shift();
    if (step instanceof ProxyError) throw step;
    return step;
  };
  const facts = { meta: { attempts: 1 }, usage: {}, nativeStopReason: undefined, accepted: true, textLength: 0 };
  const logger = { info() {}, warn() {}, error() {} };
  const account = openAccount({ requestId: 'r', front: 'test' }, { logger, observerTimeoutMs: 0 });
  const opened = { kind: 'stream', watch, headers: {}, first: await next() } as const;
  const written: Piece[] = [];
  const stream = { ...facts, next };
  for await (const piece of deliverStream({ ...opened, stream, encoder: { ...encoder, ...change } }, account, 100)) {
    written.push(piece);
  }
  watch.close();
  return written;
}

it.each<readonly [name: string, pieces: readonly string[], steps: readonly Step[]]>([
  ['its first text', ['<a', 'b', '>'], [batchOf('a'), batchOf('b')]],
  ['a ping', ['<: ping\n\n', 'a', '>'], ['awake', batchOf('a')]],
  ['a batch without text', ['<', 'a', '>'], [batchOf(''), batchOf('a')]],
  ['its end', ['<>'], []],
  ['its first text, and a failure', ['<a', '!'], [batchOf('a'), new ProxyError('throttled')]],
])('what opens an answer is written once, with %s', async (_, pieces, steps) => {
  expect(await deliver(steps)).toEqual(pieces);
});

it.each<readonly [opening: string, batch: string, opens: Piece, holds: Piece]>([
  ['bytes', 'bytes', Buffer.from('<'), Buffer.from('é')],
  ['bytes', 'text', Buffer.from('<'), 'é'],
  ['text', 'bytes', '<', Buffer.from('é')],
])('an opening of %s and a batch of %s are one piece of bytes', async (_opening, _batch, opens, holds) => {
  const pieces = await deliver([batchOf('a')], { open: () => opens, batch: () => holds });
  expect(pieces).toEqual([Buffer.from('<é'), '>']);
});

it('a piece of bytes is handed on as it is, without a copy', async () => {
  const bytes = Uint8Array.of(1, 2);
  expect((await deliver([batchOf('a')], { open: () => '', batch: () => bytes }))[0]).toBe(bytes);
});

it('an encoder that has no ping is asked for one only as often as one is due', async () => {
  vi.useFakeTimers();
  const watch = watchCall({ firstEventTimeoutMs: 1_000, idleTimeoutMs: 1_000 });
  const invoker: ModelInvoker = { invoke: () => new Promise(() => {}), stream: () => new Promise(() => {}) };
  const stream = openStream(invoker, { operation: 'converse', modelId: 'm', body: Buffer.from('{}') }, watch);
  const ping = vi.fn(() => '');
  const account = openAccount(
    { requestId: 'r', front: 'test' },
    { logger: { info() {}, warn() {}, error() {} }, observerTimeoutMs: 0 },
  );
  const first = stream.next(performance.now() + 300);
  await vi.advanceTimersByTimeAsync(300);
  const opened = { kind: 'stream', stream, watch, headers: {}, first: await first } as const;
  const pieces = deliverStream({ ...opened, encoder: { ...encoder, open: () => '', ping } }, account, 300);
  const failed = pieces.next();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await failed).toEqual({ done: false, value: '!' });
  expect(ping).toHaveBeenCalledTimes(3);
});
