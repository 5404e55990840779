import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeChunkFrame } from '../../packages/testing/dist/emulator/index.js';

// A stand-in for Bedrock in its own process. A model id that ends with `timed-<n>-<ms>` streams n pieces, one every so
// many milliseconds. The text of a piece is the time at which it was sent.
const end = encodeChunkFrame({ type: 'message_stop' }, 'abc');

const server = createServer(async (request, response) => {
  const [, count = '0', paceMs = '0'] = /timed-(\d+)-(\d+)/.exec(request.url ?? '') ?? [];
  request.resume();
  await once(request, 'end');
  response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
  // Streams that began together must not all send at the same instant.
  await sleep(Math.random() * Number(paceMs));
  for (let sent = 0; sent < Number(count) && !response.destroyed; sent++) {
    const text = `t${performance.timeOrigin + performance.now()};`;
    const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } };
    response.write(encodeChunkFrame(delta, 'abcdefghijkl'));
    await sleep(Number(paceMs));
  }
  response.end(end);
});
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.once('disconnect', () => process.exit());
