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
import { playedAnswer } from './played-answer.ts';
import { startInProcessProxy } from './start-in-process-proxy.ts';
import { liveTimers, watchClientSockets } from './watch-client-sockets.ts';

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
  // Nothing that was aborted may continue in this process.
  await vi.waitFor(() => expect(watched.open).toBe(0));
  await vi.waitFor(() => expect(liveTimers()).toBeLessThanOrEqual(timersBefore));
  watched[Symbol.dispose]();
  await emulator.close();
});

/** The milliseconds from `since` until Bedrock saw the end of the call. */
async function closedAt(since: number): Promise<number> {
  const request = emulator.requests[0];
  await vi.waitFor(() => expect(request?.closedAt).toBeDefined(), 5_000);
  expect(request?.aborted).toBe(true);
  return (request?.closedAt ?? Infinity) - since;
}

/** Streams a word each millisecond, for 20 seconds. */
async function* endlessly(...between: readonly Uint8Array[]): AsyncGenerator<ReplyPart> {
  yield* [...begun, ...between];
  for (let word = 0; word < 20_000; word += 1) yield* [{ pauseMs: 1 }, text('word ')];
}

// A busy machine can be late, but not each time.
describe('the call of Bedrock is aborted within 250 ms', { retry: 2 }, () => {
  it.each([
    ['if the first event does not come', () => ['stall'] as const, {}, 300, 'upstream_timeout'],
    [
      'if Bedrock falls silent, although the client gets pings',
      () => [...begun, 'stall'] as const,
      {},
      200,
      'upstream_timeout',
    ],
    ['if the deadline is near', () => [...begun, 'stall'] as const, { idleTimeoutMs: 9_000 }, 300, 'deadline_exceeded'],
    ['if the deadline is near and Bedrock still streams', () => endlessly(), {}, 300, 'deadline_exceeded'],
    [
      'after an exception, although more frames follow',
      () => endlessly(encodeExceptionFrame('throttlingException', 'x')),
      {},
      0,
      'throttled',
    ],
    ['after a damaged frame, although more frames follow', () => endlessly(damaged), {}, 0, 'upstream_truncated'],
    [
      'after an error in a chunk, although more frames follow',
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
    // A deadline counts from the start of the invocation, and a timer of Node can fire a millisecond early.
    expect(performance.now() - began).toBeGreaterThanOrEqual(afterMs - 3);
    expect(await closedAt(began)).toBeLessThan(afterMs + 250);
    await vi.waitFor(() => expect(proxy.records).toMatchObject([{ code, terminal: 'error', status: 200 }]));
  });

  it('if the client disconnects', async () => {
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

  // UNCONFIRMED: how many bytes a Function URL buffers before the function notices that the client stopped reading.
  it('if the client stops reading', async () => {
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
    // A reader that resumes gets the text that was written before, without a false terminal.
    expect(await readStreamedText(result)).not.toMatch(/\[DONE\]|"error"/);
  });
});

it('leaving a loop over a stream aborts the call of Bedrock within 250 ms', async () => {
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

it('a finished stream keeps its connection for the next one, and leaves no timer', async () => {
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
