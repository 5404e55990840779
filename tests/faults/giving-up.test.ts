import { setTimeout as pause } from 'node:timers/promises';
import { streamModel } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import {
  type BedrockEmulator,
  encodeChunkFrame,
  encodeExceptionFrame,
  type ReplyPart,
  startBedrockEmulator,
  streamReply,
} from '@bedrock-proxy/testing/emulator';
import { readStreamedText } from '@bedrock-proxy/testing/lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveTimers, watchClientSockets } from './client-sockets.ts';
import { startInProcessProxy } from './in-process-proxy.ts';
import { playedAnswer } from './played-answer.ts';

const begun = playedAnswer.frames.slice(0, playedAnswer.framesBefore.middle);
const text = (value: string) =>
  encodeChunkFrame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: value } });
const damaged = Uint8Array.from(text('a'));
damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;

let emulator: BedrockEmulator;
let watched: ReturnType<typeof watchClientSockets>;
let timersBefore: number;
beforeEach(async () => {
  emulator = await startBedrockEmulator();
  watched = watchClientSockets();
  timersBefore = liveTimers();
});
afterEach(async () => {
  // Whatever was given up, nothing of it goes on in this process.
  await vi.waitFor(() => expect(watched.open).toBe(0));
  await vi.waitFor(() => expect(liveTimers()).toBeLessThanOrEqual(timersBefore));
  watched[Symbol.dispose]();
  await emulator.close();
});

/** How long after `since` Bedrock saw the call end, in milliseconds. */
async function closedAt(since: number): Promise<number> {
  const request = emulator.requests[0];
  await vi.waitFor(() => expect(request?.closedAt).toBeDefined(), 5_000);
  expect(request?.aborted).toBe(true);
  return (request?.closedAt ?? Infinity) - since;
}

/** Words without end, one each millisecond. */
async function* endlessly(...between: readonly Uint8Array[]): AsyncGenerator<ReplyPart> {
  yield* [...begun, ...between];
  for (let word = 0; word < 20_000; word += 1) yield* [{ pauseMs: 1 }, text('word ')];
}

// A machine that is busy with something else may be late, but not each time.
describe('Bedrock is let go within 250 ms', { retry: 2 }, () => {
  it.each([
    ['when its first event does not come', () => ['stall'] as const, {}, 300, 'upstream_timeout'],
    ['when it falls silent, though pings go out', () => [...begun, 'stall'] as const, {}, 200, 'upstream_timeout'],
    [
      'when the deadline is near',
      () => [...begun, 'stall'] as const,
      { idleTimeoutMs: 9_000 },
      300,
      'deadline_exceeded',
    ],
    ['when the deadline is near and it still speaks', () => endlessly(), {}, 300, 'deadline_exceeded'],
    [
      'at an exception that more follows',
      () => endlessly(encodeExceptionFrame('throttlingException', 'x')),
      {},
      0,
      'throttled',
    ],
    ['at a damaged frame that more follows', () => endlessly(damaged), {}, 0, 'upstream_truncated'],
    [
      'at an error within a chunk that more follows',
      () => endlessly(encodeChunkFrame({ type: 'error', error: { type: 'overloaded_error', message: 'x' } })),
      {},
      0,
      'upstream_unavailable',
    ],
  ] as const)('%s', async (_, body, limits, afterMs, code) => {
    emulator.respondWith(streamReply(body() as AsyncIterable<ReplyPart>));
    const proxy = startInProcessProxy(emulator.url, limits);
    const began = performance.now();
    const result = await proxy.stream(code === 'deadline_exceeded' ? { deadlineMs: 400 } : {});
    const answer = await readStreamedText(result);
    expect(answer).toMatch(new RegExp(`data: \\{"error":\\{"code":"${code}"[^\\n]*\\n\\n$`));
    expect(answer).not.toContain('[DONE]\n\ndata');
    // A deadline counts from the start of the invocation, a timer of Node may fire within the same millisecond.
    expect(performance.now() - began).toBeGreaterThanOrEqual(afterMs - 3);
    expect(await closedAt(began)).toBeLessThan(afterMs + 250);
    await vi.waitFor(() => expect(proxy.records).toMatchObject([{ code, terminal: 'error', status: 200 }]));
  });

  it('when its client is seen to leave', async () => {
    emulator.respondWith(streamReply(endlessly()));
    const proxy = startInProcessProxy(emulator.url);
    const client = new AbortController();
    const result = await proxy.stream({ signal: client.signal });
    const pieces = result.body[Symbol.asyncIterator]();
    await pieces.next();
    const left = performance.now();
    client.abort(new Error('enough'));
    await expect(pieces.next()).rejects.toThrow('enough');
    expect(await closedAt(left)).toBeLessThan(250);
    await vi.waitFor(() => expect(proxy.records).toMatchObject([{ code: 'client_closed', terminal: 'none' }]));
  });

  // UNCONFIRMED: how much a Function URL takes from a function before it lets the function feel that its client has stopped.
  it('when its client stops reading', async () => {
    const big = text('x'.repeat(10_000));
    emulator.respondWith(
      streamReply(
        (function* flood() {
          for (let sent = 0; sent < 5_000; sent += 1) yield big;
        })(),
      ),
    );
    const proxy = startInProcessProxy(emulator.url);
    const began = performance.now();
    const result = await proxy.stream();
    expect(await closedAt(began)).toBeLessThan(200 + 250);
    await vi.waitFor(() => expect(proxy.records).toMatchObject([{ code: 'client_stalled', terminal: 'none' }]));
    // What was written before is still there for a reader that comes back, and no terminal that would be a lie.
    expect(await readStreamedText(result)).not.toMatch(/\[DONE\]|"error"/);
  });
});

it('leaving a loop over a stream lets Bedrock go within 250 ms', async () => {
  emulator.respondWith(streamReply(endlessly()));
  const invoker = createBedrockInvoker({
    region: 'us-east-1',
    endpoint: emulator.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
  for await (const { type } of streamModel(invoker, { modelId: 'anthropic.claude-sonnet-4-6', payload: {} })) {
    if (type === 'text-delta') break;
  }
  expect(await closedAt(performance.now())).toBeLessThan(250);
});

it('a stream that ended keeps its connection for the next one, and no timer', async () => {
  emulator.respondWith(() => playedAnswer.reply());
  const proxy = startInProcessProxy(emulator.url);
  for (let request = 0; request < 4; request += 1) {
    expect(await readStreamedText(await proxy.stream())).toMatch(/data: \[DONE\]\n\n$/);
  }
  expect(watched.sockets).toHaveLength(1);
  expect(watched.open).toBe(1);
  await pause(0);
  expect(liveTimers()).toBeLessThanOrEqual(timersBefore);
  await emulator.close();
});
