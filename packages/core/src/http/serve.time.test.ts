import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { allowAnonymous } from '../access/allow-anonymous.js';
import type { Piece } from '../dialects/dialect.js';
import { inlineInvoker, pause } from '../ports/inline-invoker.test-helper.js';
import type { ModelInvoker } from '../ports/model-invoker.js';
import { createProxy } from '../proxy/create-proxy.js';
import type { RequestRecord } from '../telemetry/request-record.js';
import type { HttpAnswer } from './http-answer.js';
import { serve } from './serve.js';

const limits = { headWaitMs: 5_000, heartbeatMs: 10_000, firstEventTimeoutMs: 60_000, idleTimeoutMs: 45_000 };
const delta = (text: string) => ({ type: 'content_block_delta', delta: { type: 'text_delta', text } });
const stop = { type: 'message_stop' };
const ping = ': ping\n\n';
const done = 'data: [DONE]\n\n';

// Imported once beforehand: an import cannot end while the clock stands still.
beforeAll(async () => {
  await import('../dialects/native/native-codec.js');
  await import('../models/error-of-failure.js');
  await import('../telemetry/log-failure.js');
});
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A model that waits before each of its chunks. */
function pausing(...steps: readonly (readonly [waitMs: number, chunk: unknown])[]): ModelInvoker {
  return inlineInvoker({ steps: steps.flatMap(([waitMs, chunk]) => [pause(waitMs), chunk]) });
}

interface Heard {
  status?: number;
  /** What was read, and when, in milliseconds from the request. */
  readonly pieces: (readonly [number, string])[];
  record?: RequestRecord;
}

/** Asks, reads as a writer does (each piece may take it `writeMs`), and closes. */
function listen(invoker: ModelInvoker, options: { remainingMs?: number; writeMs?: number } = {}): Heard {
  const heard: Heard = { pieces: [] };
  const began = performance.now();
  const proxy = createProxy({
    ...{ invoker, limits, access: allowAnonymous(), logger: { info() {}, warn() {}, error() {} } },
    onRequestEnd: (record) => {
      heard.record = record;
    },
  });
  const take = (piece: Piece) => heard.pieces.push([performance.now() - began, piece.toString()]);
  async function read({ status, body, signal, close }: HttpAnswer) {
    heard.status = status;
    if (typeof body === 'string' || body instanceof Uint8Array) take(body.toString());
    else {
      for await (const piece of body) {
        take(piece);
        if (options.writeMs !== undefined) await drained(options.writeMs, signal);
      }
    }
    await close({ bytesOut: 0 });
  }
  const request = { front: 'test', requestId: 'r', method: 'POST', path: '/', headers: {} };
  const { remainingMs } = options;
  void serve(proxy, {
    ...request,
    body: '{"modelId":"a.b","stream":true}',
    signal: new AbortController().signal,
    ...(remainingMs !== undefined && { remainingMs }),
  }).then(read);
  return heard;
}

function drained(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
    if (signal.aborted) resolve();
  });
}

describe('the head', () => {
  it('waits for the first event', async () => {
    const heard = listen(pausing([4_999, delta('a')], [1, stop]));
    await vi.advanceTimersByTimeAsync(4_998);
    expect(heard.status).toBeUndefined();
    await vi.advanceTimersByTimeAsync(10);
    expect(heard).toMatchObject({
      status: 200,
      pieces: [
        [4_999, 'data: {"content":"a"}\n\n'],
        [5_000, done],
      ],
    });
  });

  it('goes out with a ping where the first event keeps it waiting', async () => {
    const heard = listen(pausing([5_001, delta('a')], [1, stop]));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(heard.pieces).toEqual([
      [5_000, ping],
      [5_001, 'data: {"content":"a"}\n\n'],
      [5_002, done],
    ]);
  });

  it('says 504 where the invocation ends before it', async () => {
    const heard = listen(pausing([60_000, stop]), { remainingMs: 6_000 });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(heard).toMatchObject({ status: 504, pieces: [[4_000, expect.stringContaining('deadline_exceeded')]] });
  });
});

describe('a silence', () => {
  it('is filled with a ping each time that nothing was written for long, text that is none included', async () => {
    const heard = listen(pausing([0, delta('a')], [9_000, { type: 'ping' }], [16_000, delta('b')], [9_999, stop]));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(heard.pieces).toEqual([
      [0, 'data: {"content":"a"}\n\n'],
      [10_000, ping],
      [20_000, ping],
      [25_000, 'data: {"content":"b"}\n\n'],
      [34_999, done],
    ]);
  });

  it('from the start ends in an error though pings went out', async () => {
    const heard = listen(pausing([600_000, stop]));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(heard.pieces.map(([at]) => at)).toEqual([5_000, 15_000, 25_000, 35_000, 45_000, 55_000, 60_000]);
    expect(heard.pieces.at(-1)?.[1]).toContain('"code":"upstream_timeout"');
    expect(heard.record).toMatchObject({ status: 200, terminal: 'error', code: 'upstream_timeout' });
  });

  it('in the middle ends in an error though pings went out', async () => {
    const heard = listen(pausing([0, delta('a')], [600_000, stop]));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(heard.pieces.map(([at]) => at)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 45_000]);
    expect(heard.pieces.at(-1)?.[1]).toContain('"code":"upstream_timeout"');
  });

  it('ends with the invocation, less its margin', async () => {
    const heard = listen(pausing([0, delta('a')], [600_000, stop]), { remainingMs: 20_000 });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(heard.pieces.map(([at]) => at)).toEqual([0, 10_000, 18_000]);
    expect(heard.record).toMatchObject({ code: 'deadline_exceeded', terminal: 'error' });
  });
});

describe('a reader', () => {
  it('that is slow is waited for, and hears no ping meanwhile', async () => {
    const heard = listen(pausing([0, delta('a')], [0, delta('b')], [0, stop]), { writeMs: 30_000 });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(heard.pieces.map(([at]) => Math.floor(at / 1_000))).toEqual([0, 30, 60]);
    expect(heard.record).toMatchObject({ terminal: 'done' });
  });

  it('that stops is given up, and nothing more is written to it', async () => {
    const heard = listen(pausing([0, delta('a')], [0, delta('b')], [0, stop]), { writeMs: 600_000 });
    await vi.advanceTimersByTimeAsync(44_999);
    expect(heard.record).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(heard.pieces).toHaveLength(1);
    expect(heard.record).toMatchObject({ status: 200, terminal: 'none', code: 'client_stalled' });
  });

  it.each([
    ['the end', pausing([0, stop]), 'done'],
    ['the error', pausing([0, { type: 'ping' }]), 'error'],
  ])('that stops at %s is given up too', async (_name, invoker, terminal) => {
    const heard = listen(invoker, { writeMs: 600_000 });
    await vi.advanceTimersByTimeAsync(45_000);
    expect(heard.record).toMatchObject({ terminal });
  });

  it('leaves no timer behind', async () => {
    listen(pausing([0, delta('a')], [0, stop]), { remainingMs: 60_000 });
    await vi.advanceTimersByTimeAsync(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
