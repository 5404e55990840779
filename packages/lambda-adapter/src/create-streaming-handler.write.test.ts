import { EventEmitter, getEventListeners } from 'node:events';
import type { HttpAnswer, HttpBody } from '@bedrock-proxy/core/http';
import { describe, expect, it, vi } from 'vitest';
import { writeStreamedAnswer } from './create-streaming-handler.js';
import type { LambdaRuntime } from './lambda-runtime.js';
import type { ResponseHead, ResponseStream } from './response-stream.js';

/** A stream that accepts `takes` pieces before it needs a drain. */
class SlowStream extends EventEmitter implements ResponseStream {
  readonly written: (string | Uint8Array)[] = [];
  head: ResponseHead | undefined;
  ends = 0;
  takes: number;
  writableNeedDrain = false;

  constructor(takes = Infinity) {
    super();
    this.takes = takes;
  }

  write(piece: string | Uint8Array): boolean {
    this.written.push(piece);
    this.writableNeedDrain = this.written.length >= this.takes;
    return !this.writableNeedDrain;
  }

  drain(): void {
    this.takes = Infinity;
    this.writableNeedDrain = false;
    this.emit('drain');
  }

  end(): void {
    this.ends++;
  }
}

const runtime: LambdaRuntime = {
  streamify: (handler) => handler,
  withHead(stream, head) {
    (stream as SlowStream).head = head;
    return stream;
  },
};

async function* piecesOf(...pieces: readonly string[]): AsyncGenerator<string, void, undefined> {
  yield* pieces;
}

const answered = (body: HttpBody, signal = new AbortController().signal): HttpAnswer => ({
  ...{ status: 200, headers: { a: 'b' }, body, signal, close: async () => {} },
});

function write(stream: ResponseStream, answer: HttpAnswer, client = new AbortController()) {
  return writeStreamedAnswer(answer, stream, { runtime, client: client.signal });
}

/** Waits until all pending promises are settled. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a whole answer', () => {
  it('is written with its head, and the stream ends once', async () => {
    const stream = new SlowStream();
    expect(await write(stream, answered('é!'))).toEqual({ bytesOut: 3, clientLeft: false });
    expect(stream).toMatchObject({ head: { statusCode: 200, headers: { a: 'b' } }, written: ['é!'], ends: 1 });
  });

  it('is written as bytes if it is bytes', async () => {
    const bytes = Uint8Array.of(0xff, 0x00);
    const stream = new SlowStream();
    expect(await write(stream, answered(bytes))).toEqual({ bytesOut: 2, clientLeft: false });
    expect(stream.written[0]).toBe(bytes);
  });

  it.each([
    ['text', ''],
    ['bytes', new Uint8Array()],
  ])('writes one byte if it is empty, so that the head is sent: %s', async (_name, body) => {
    const stream = new SlowStream();
    expect(await write(stream, answered(body))).toEqual({ bytesOut: 1, clientLeft: false });
    expect(stream).toMatchObject({ written: ['\n'], ends: 1 });
  });

  it('does not wait for a drain', async () => {
    const stream = new SlowStream(1);
    expect(await write(stream, answered('all'))).toEqual({ bytesOut: 3, clientLeft: false });
    expect(stream.ends).toBe(1);
  });
});

describe('a streamed answer', () => {
  it('is written piece by piece, and counted in bytes', async () => {
    const stream = new SlowStream();
    expect(await write(stream, answered(piecesOf('a', 'é', '😀')))).toEqual({ bytesOut: 7, clientLeft: false });
    expect(stream).toMatchObject({ written: ['a', 'é', '😀'], ends: 1 });
  });

  it('pauses while the stream needs a drain, and then continues', async () => {
    const [call, client] = [new AbortController(), new AbortController()];
    const stream = new SlowStream(1);
    const writing = write(stream, answered(piecesOf('a', 'b', 'c'), call.signal), client);
    await settled();
    expect(stream.written).toEqual(['a']);
    stream.drain();
    expect(await writing).toMatchObject({ bytesOut: 3 });
    expect(stream.written).toEqual(['a', 'b', 'c']);
    expect(stream.listenerCount('drain')).toBe(0);
    for (const { signal } of [call, client]) expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('does not wait for a drain that is already over', async () => {
    const stream = new SlowStream();
    const { write: take } = stream;
    stream.write = (piece) => {
      take.call(stream, piece);
      return false;
    };
    expect(await write(stream, answered(piecesOf('a', 'b')))).toMatchObject({ bytesOut: 2 });
  });

  it('continues with its error if the call aborts during a pause', async () => {
    const call = new AbortController();
    const stream = new SlowStream(1);
    const writing = write(stream, answered(piecesOf('a', 'error'), call.signal));
    await settled();
    call.abort();
    expect(await writing).toEqual({ bytesOut: 6, clientLeft: false });
    expect(stream).toMatchObject({ written: ['a', 'error'], ends: 1 });
    expect(stream.listenerCount('drain')).toBe(0);
  });

  it('stops and ends its source if the client disconnects during a pause', async () => {
    const client = new AbortController();
    const stream = new SlowStream(1);
    const returned = vi.fn();
    async function* endless(): AsyncGenerator<string, void, undefined> {
      try {
        for (;;) yield 'a';
      } finally {
        returned();
      }
    }
    const writing = write(stream, answered(endless()), client);
    await settled();
    client.abort();
    expect(await writing).toEqual({ bytesOut: 1, clientLeft: true });
    expect(stream).toMatchObject({ written: ['a'], ends: 1 });
    expect(returned).toHaveBeenCalledOnce();
  });

  it('writes nothing if the client disconnected before', async () => {
    const client = new AbortController();
    client.abort();
    const stream = new SlowStream();
    expect(await write(stream, answered(piecesOf('a')), client)).toEqual({ bytesOut: 0, clientLeft: true });
    expect(stream).toMatchObject({ written: [], ends: 1 });
  });
});

describe('a stream that throws', () => {
  it.each(['in full', 'in pieces'])('counts as a disconnected client, for an answer %s', async (form) => {
    const stream = new SlowStream();
    stream.write = () => {
      throw new Error('write after end');
    };
    const body = form === 'in full' ? 'a' : piecesOf('a', 'b');
    expect(await write(stream, answered(body))).toEqual({ bytesOut: 0, clientLeft: true });
    expect(stream.ends).toBe(1);
  });

  it('at its end causes no error', async () => {
    const stream = new SlowStream();
    stream.end = () => {
      throw new Error('no');
    };
    expect(await write(stream, answered('a'))).toEqual({ bytesOut: 1, clientLeft: false });
  });
});
