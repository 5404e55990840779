import { expect, it } from 'vitest';
import { ProxyError } from '../errors/proxy-error.js';
import { watchCall } from '../stream/call-watch.js';
import type { EventBatch } from '../stream/open-stream.js';
import { openAccount } from '../telemetry/account.js';
import { deliverEvents } from './deliver-events.js';

const batchOf = (text: string): EventBatch => ({ chunks: [], events: [{ type: 'text-delta', text }] });
const encoder = {
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
    nativeStopReason: undefined,
    next: async () => {
      const next = left.shift();
      if (next instanceof ProxyError) throw next;
      return next;
    },
  };
  const account = openAccount({ requestId: 'r', front: 'test' });
  const first = await stream.next();
  const written: string[] = [];
  for await (const piece of deliverEvents({ stream, watch, encoder, account, heartbeatMs: 100, first }))
    written.push(piece);
  watch.close();
  expect(written).toEqual(pieces);
});
