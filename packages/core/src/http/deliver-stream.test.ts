import { expect, it } from 'vitest';
import type { StreamEncoder } from '../dialects/dialect.js';
import { ProxyError } from '../errors/proxy-error.js';
import { watchCall } from '../stream/call-watch.js';
import type { EventBatch } from '../stream/open-stream.js';
import { openAccount } from '../telemetry/account.js';
import { deliverStream } from './deliver-stream.js';

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

it.each<readonly [name: string, pieces: readonly string[], steps: readonly (EventBatch | 'awake' | ProxyError)[]]>([
  ['its first text', ['<a', 'b', '>'], [batchOf('a'), batchOf('b')]],
  ['a ping', ['<: ping\n\n', 'a', '>'], ['awake', batchOf('a')]],
  ['a batch without text', ['<', 'a', '>'], [batchOf(''), batchOf('a')]],
  ['its end', ['<>'], []],
  ['its first text, and a failure', ['<a', '!'], [batchOf('a'), new ProxyError('throttled')]],
])('what opens an answer is written once, with %s', async (_, pieces, steps) => {
  const watch = watchCall({ firstEventTimeoutMs: 1_000, idleTimeoutMs: 1_000 });
  const left = [...steps];
  const stream = {
    meta: { attempts: 1 },
    usage: {},
    ...{ nativeStopReason: undefined, accepted: true, textLength: 0 },
    next: async () => {
      const next = left.shift();
      if (next instanceof ProxyError) throw next;
      return next;
    },
  };
  const logger = { info() {}, warn() {}, error() {} };
  const account = openAccount({ requestId: 'r', front: 'test' }, { logger, observerTimeoutMs: 0 });
  const first = await stream.next();
  const written: string[] = [];
  const opened = { kind: 'stream', stream, watch, encoder, headers: {}, first } as const;
  for await (const piece of deliverStream(opened, account, 100)) written.push(piece.toString());
  watch.close();
  expect(written).toEqual(pieces);
});
