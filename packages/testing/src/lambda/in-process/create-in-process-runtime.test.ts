import { finished, pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeferred } from '../create-deferred.js';
import type { InvocationResult, Invoke, StreamedInvocation } from '../invoke.js';
import { readStreamedText } from '../read-streamed-text.js';
import { createInProcessRuntime } from './create-in-process-runtime.js';
import type { LambdaContext } from './create-lambda-context.js';
import type { LambdaResponseStream } from './create-response-stream.js';
import { lambdaGlobal } from './lambda-global.js';

const runtime = createInProcessRuntime({ functionName: 'tested' });
const head = { statusCode: 200, headers: { 'content-type': 'text/event-stream' } };

function streaming(answer: (stream: LambdaResponseStream, context: LambdaContext) => Promise<void>): Invoke {
  return runtime.run(
    lambdaGlobal.streamifyResponse((_event: unknown, stream: LambdaResponseStream, context: LambdaContext) =>
      answer(stream, context),
    ),
  );
}

function asStreamed(result: InvocationResult): StreamedInvocation {
  if (result.mode !== 'streamed') throw new Error('The answer is not streamed.');
  return result;
}

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a streaming handler in the in-process runtime', () => {
  it('sends its head before it continues', async () => {
    let continueHandler = (): void => {};
    const answer = asStreamed(
      await streaming(async (stream) => {
        const body = lambdaGlobal.HttpResponseStream.from(stream, head);
        body.write('data: 1\n\n');
        await new Promise<void>((resolve) => {
          continueHandler = resolve;
        });
        body.end('data: 2\n\n');
      })({}),
    );
    expect(answer.prelude).toEqual(head);
    continueHandler();
    expect(await readStreamedText(answer)).toBe('data: 1\n\ndata: 2\n\n');
    expect(await answer.trailers).toEqual({});
  });

  it('sends no prelude without a write', async () => {
    const answer = asStreamed(
      await streaming(async (stream) => {
        lambdaGlobal.HttpResponseStream.from(stream, head).end('body');
      })({}),
    );
    expect(answer.preludeProblem).toBe('missing');
    expect(await readStreamedText(answer)).toBe('body');
  });

  it('reports a thrown error in the trailers', async () => {
    const answer = asStreamed(
      await streaming(async (stream) => {
        lambdaGlobal.HttpResponseStream.from(stream, head).write('x');
        throw new TypeError('too late');
      })({}),
    );
    expect(await readStreamedText(answer)).toBe('x');
    expect((await answer.trailers).error).toMatchObject({ errorType: 'TypeError', errorMessage: 'too late' });
  });

  it('refuses a handler that returns no promise', async () => {
    const notAsync = lambdaGlobal.streamifyResponse((_event: unknown, stream: LambdaResponseStream) =>
      stream.write('x'),
    );
    const answer = asStreamed(await runtime.run(notAsync)({}));
    await readStreamedText(answer);
    expect((await answer.trailers).error?.errorMessage).toBe('Streaming does not support non-async handlers.');
  });

  it('gets a close event when the client disconnects', async () => {
    const client = new AbortController();
    const closed = vi.fn();
    const answer = asStreamed(
      await streaming(async (stream) => {
        stream.on('close', closed);
        stream.write('x');
        await new Promise((resolve) => stream.once('close', resolve));
        stream.write('nobody reads this');
      })({}, { signal: client.signal }),
    );
    client.abort(new Error('the client disconnected'));
    await expect(readStreamedText(answer)).rejects.toThrow('the client disconnected');
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  });

  it('gets a close event when the client disconnects before the head', async () => {
    const client = new AbortController();
    const begun = createDeferred<void>();
    const pending = streaming(async (stream) => {
      begun.resolve();
      await finished(stream as unknown as NodeJS.WritableStream);
    })({}, { signal: client.signal });
    await begun.promise;
    client.abort(new Error('the client disconnected'));
    await expect(pending).rejects.toThrow('the client disconnected');
  });

  it('gets a close event when the reader stops reading the body', async () => {
    const closed = vi.fn();
    const answer = asStreamed(
      await streaming(async (stream) => {
        stream.on('close', closed);
        stream.write('x');
      })({}),
    );
    for await (const piece of answer.body) {
      expect(piece.bytes).toHaveLength(1);
      break;
    }
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  });

  it('ends with an error if a pipeline destroys its stream, and the process survives', async () => {
    const answer = asStreamed(
      await streaming(async (stream) => {
        await pipeline(
          async function* source() {
            yield 'x';
            throw new Error('the source failed');
          },
          stream as unknown as NodeJS.WritableStream,
        );
      })({}),
    );
    await expect(readStreamedText(answer)).rejects.toMatchObject({ type: 'Runtime.ExitError' });
  });

  it('writes no faster than the reader reads', async () => {
    let written = 0;
    const answer = asStreamed(
      await streaming(async (stream) => {
        for (; written < 100; written += 1) {
          if (!stream.write(Buffer.alloc(65_536))) await new Promise((resolve) => stream.once('drain', resolve));
        }
        stream.end();
      })({}),
    );
    const body = answer.body[Symbol.asyncIterator]();
    await body.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBeLessThan(5);
    while ((await body.next()).done !== true);
    expect(written).toBe(100);
  });

  it('times out if it does not end its stream', async () => {
    vi.useFakeTimers();
    const answer = asStreamed(
      await streaming(async (stream) => {
        stream.write('x');
      })({}, { deadlineMs: 3_000 }),
    );
    const text = readStreamedText(answer);
    const rejection = expect(text).rejects.toMatchObject({ type: 'Sandbox.Timedout' });
    await vi.advanceTimersByTimeAsync(3_000);
    await rejection;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a buffered handler in the in-process runtime', () => {
  it('returns its result as parsed JSON', async () => {
    const result = await runtime.run(async (event: { readonly n: number }) => ({
      twice: event.n * 2,
      nothing: undefined,
    }))({ n: 2 });
    expect(result).toMatchObject({ mode: 'buffered', payload: { twice: 4 } });
    await expect(runtime.run(() => undefined)({})).resolves.toMatchObject({ payload: null });
  });

  it('gets a copy of the event and a context', async () => {
    const event = { a: 1, b: undefined };
    const invoke = runtime.run((received: object, context: LambdaContext) => ({
      isSame: received === event,
      members: Object.keys(received),
      context,
      keys: Object.keys(context),
    }));
    const { payload } = (await invoke(event, { requestId: 'request-1' })) as { payload: unknown };
    expect(payload).toMatchObject({
      isSame: false,
      members: ['a'],
      context: { awsRequestId: 'request-1', functionName: 'tested' },
    });
    expect(payload).toHaveProperty(
      'keys',
      expect.arrayContaining(['clientContext', 'identity', 'tenantId', 'xRayTraceId']),
    );
  });

  it('rejects with the thrown error', async () => {
    const failing = runtime.run(() => {
      throw new RangeError('out of bounds');
    });
    await expect(failing({})).rejects.toMatchObject({ type: 'RangeError', message: 'out of bounds' });
  });

  it('runs many invocations at the same time', async () => {
    let arrived = 0;
    let open = (): void => {};
    const allArrived = new Promise<void>((resolve) => {
      open = resolve;
    });
    const invoke = runtime.run(async () => {
      arrived += 1;
      if (arrived === 20) open();
      await allArrived;
    });
    await Promise.all(Array.from({ length: 20 }, () => invoke({})));
    expect(arrived).toBe(20);
  });

  it('rejects after its timeout and when the client disconnects', async () => {
    vi.useFakeTimers();
    const hanging = runtime.run(() => new Promise(() => {}));
    const timedOut = expect(hanging({}, { deadlineMs: 1_000 })).rejects.toMatchObject({ type: 'Sandbox.Timedout' });
    await vi.advanceTimersByTimeAsync(1_000);
    await timedOut;

    const client = new AbortController();
    const left = expect(hanging({}, { signal: client.signal })).rejects.toThrow('the client disconnected');
    client.abort(new Error('the client disconnected'));
    await left;
    expect(vi.getTimerCount()).toBe(0);
  });
});
