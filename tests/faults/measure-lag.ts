import { setTimeout as pause } from 'node:timers/promises';
import { encodeChunkFrame, type ReplyPart, startBedrockEmulator, streamReply } from '@bedrock-proxy/testing/emulator';
import { chunkHead } from './played-answer.ts';
import { startInProcessProxy } from './start-in-process-proxy.ts';
import { watchClientSockets } from './watch-client-sockets.ts';

const piece = 'x'.repeat(4_096);
const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } };
const frame = encodeChunkFrame(delta, 'abc');
const end = Buffer.from(encodeChunkFrame({ type: 'message_stop' }, 'abc'));
const frameOnWire = chunkHead(frame.length) + frame.length + 2;

/** The path of each API that streams these frames, and the bytes that its client gets for one of them. */
const apis = {
  native: { path: '/', pieceBytes: `data: {"content":"${piece}"}\n\n`.length },
  bedrock: { path: '/model/anthropic.claude-sonnet-4-6/invoke-with-response-stream', pieceBytes: frame.length },
} as const;

/**
 * Streams `megabytes` from Bedrock to a reader that reads `megabytesPerSecond`. `mostBehind` is the largest number of bytes that the
 * process had received and its reader had not read yet. `read` is the number of bytes in total. Both count bytes of Bedrock's wire.
 */
export async function measureLag(api: keyof typeof apis, megabytes: number, megabytesPerSecond: number) {
  const { path, pieceBytes } = apis[api];
  const frames = Math.ceil((megabytes * 1_000_000) / frameOnWire);
  function* parts(): Generator<ReplyPart> {
    for (let sent = 0; sent < frames; sent += 1) yield frame;
    yield end;
  }
  const emulator = await startBedrockEmulator({ respond: streamReply(parts()) });
  using watched = watchClientSockets();
  const proxy = startInProcessProxy(emulator.url, { firstEventTimeoutMs: 10_000, idleTimeoutMs: 10_000 });
  const result = await proxy.stream({}, path);
  const began = performance.now();
  let read = 0;
  let mostBehind = 0;
  let tail = '';
  for await (const { bytes } of result.body) {
    read += bytes.length;
    tail = Buffer.from(bytes.subarray(-end.length)).toString('latin1');
    const taken = watched.sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
    const readOnWire = (read / pieceBytes) * frameOnWire;
    mostBehind = Math.max(mostBehind, taken - readOnWire);
    const dueMs = (readOnWire / 1_000_000 / megabytesPerSecond) * 1_000;
    const aheadMs = dueMs - (performance.now() - began);
    if (aheadMs > 4) await pause(aheadMs);
  }
  await emulator.close();
  const isWhole = tail.endsWith(api === 'native' ? 'data: [DONE]\n\n' : end.toString('latin1'));
  return { mostBehind, read: (read / pieceBytes) * frameOnWire, isWhole, seconds: (performance.now() - began) / 1_000 };
}
