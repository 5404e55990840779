import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { type FrameSet, frameSet } from './frame-set.ts';

// A stand-in for Bedrock in its own process, and for the table of limits, which admits every call. A model id that ends with `burst-<n>` streams n pieces as fast as they are
// read;
// `paced-<n>` sends them one at a time.
const frames = { 'invoke-with-response-stream': frameSet('invoke'), 'converse-stream': frameSet('converse') };

const server = createServer((request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, pace, count, operation] =
    /(burst|paced)-(\d+)[^/]*\/([\w-]+)$/.exec(decodeURIComponent(request.url ?? '')) ?? [];
  request.resume();
  await once(request, 'end');
  if (request.headers['x-amz-target'] !== undefined) {
    response.end('{"Attributes":{"n":{"N":"1"}}}');
    return;
  }
  response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream', 'x-amzn-requestid': 'bench' });
  const answered = frames[operation === 'converse-stream' ? operation : 'invoke-with-response-stream'];
  const parts = pace === 'burst' ? burst(answered, Number(count)) : paced(answered, Number(count));
  // A client that disconnects is not an error of the stand-in.
  await pipeline(parts, response).catch(() => undefined);
}

function* burst({ head, pieces, tail }: FrameSet, count: number): Iterable<Uint8Array> {
  yield head;
  const block = Buffer.concat(pieces);
  let left = count;
  for (; left >= pieces.length; left -= pieces.length) yield block;
  yield* pieces.slice(0, left);
  yield tail;
}

async function* paced({ head, pieces, tail }: FrameSet, count: number): AsyncIterable<Uint8Array> {
  yield head;
  for (let sent = 0; sent < count; sent++) {
    yield pieces[sent % pieces.length] ?? head;
    await setImmediate();
  }
  yield tail;
}

server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.once('disconnect', () => process.exit());
