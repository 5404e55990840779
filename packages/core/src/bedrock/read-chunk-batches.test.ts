import { PassThrough, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { isProxyError } from '../errors/proxy-error.js';
import { frame } from './frame.test-helper.js';
import { readChunkBatches } from './read-chunk-batches.js';

const event = (payload: string, type = 'chunk') => frame({ ':event-type': type, ':message-type': 'event' }, payload);
const chunk = (json: string) => event(JSON.stringify({ bytes: Buffer.from(json).toString('base64'), p: 'abc' }));
const exception = (type: string, payload: string) =>
  frame({ ':message-type': 'exception', ':exception-type': type }, payload);

/** Batches as texts, and the error that ended them. */
async function read(reads: readonly Uint8Array[], breaksWith?: Error) {
  async function* network(): AsyncGenerator<Uint8Array> {
    yield* reads;
    if (breaksWith) throw breaksWith;
  }
  const batches: string[][] = [];
  try {
    for await (const batch of readChunkBatches(Readable.from(network()), 'chunk'))
      if (batch.chunks.length > 0) batches.push(batch.chunks.map(({ bytes }) => Buffer.from(bytes).toString()));
    return { batches };
  } catch (error) {
    return { batches, code: isProxyError(error) ? error.code : 'another', error };
  }
}

const damaged = chunk('{"n":9}');
damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;

describe('the chunks of an event stream', () => {
  it('come as one batch for each network read', async () => {
    expect(await read([Buffer.concat([chunk('{"n":1}'), chunk('{"n":2}')]), chunk('"é"')])).toEqual({
      batches: [['{"n":1}', '{"n":2}'], ['"é"']],
    });
  });

  it('come without a batch for a read that completes none', async () => {
    const bytes = chunk('{"n":1}');
    expect(await read([])).toEqual({ batches: [] });
    expect(await read([bytes.subarray(0, 20), bytes.subarray(20)])).toEqual({ batches: [['{"n":1}']] });
    expect(await read([event('{}', 'heartbeat'), new Uint8Array(), bytes])).toEqual({ batches: [['{"n":1}']] });
  });

  it('are copies: a read buffer that is used again does not change them', async () => {
    const bytes = chunk('{"n":1}');
    const batches = readChunkBatches(Readable.from([bytes], { objectMode: true }), 'chunk');
    const { value } = await batches.next();
    bytes.fill(0);
    expect(Buffer.from(value?.chunks[0]?.bytes ?? []).toString()).toBe('{"n":1}');
  });

  it('are passed over where an event is of another type, even one that is no JSON', async () => {
    expect(await read([event('junk', 'somethingNew'), chunk('1'), frame({}, 'junk')])).toEqual({ batches: [['1']] });
  });
});

describe('the frames of a batch', () => {
  const throttling = exception('throttlingException', '{"message":"slow"}');
  const framesOf = async (...reads: readonly Uint8Array[]) => {
    const frames: (Uint8Array | undefined)[] = [];
    async function* network(): AsyncGenerator<Uint8Array> {
      yield* reads;
    }
    try {
      for await (const batch of readChunkBatches(Readable.from(network()), 'chunk')) frames.push(batch.frames);
    } catch {
      // The frames before a failure are what counts here.
    }
    return frames.map((bytes) => Buffer.from(bytes ?? []));
  };

  it('are those that brought its chunks, as they came', async () => {
    const [one, other] = [Buffer.concat([chunk('1'), chunk('2')]), chunk('3')];
    expect(await framesOf(one, other)).toEqual([one, other]);
  });

  it('may be of events without a chunk', async () => {
    const heartbeat = event('{}', 'heartbeat');
    expect(await framesOf(heartbeat)).toEqual([heartbeat]);
  });

  it.each([
    ['an exception', throttling],
    ['a chunk without bytes', event('{}')],
    ['a damaged frame', damaged],
    ['the rest of a frame', chunk('4').subarray(0, 30)],
  ])('are whole, and end before %s', async (_, rest) => {
    expect(await framesOf(Buffer.concat([chunk('1'), chunk('2'), rest]))).toEqual([
      Buffer.concat([chunk('1'), chunk('2')]),
    ]);
  });
});

it('the events of Converse come under their types, and a frame without a type brings nothing', async () => {
  async function* network(): AsyncGenerator<Uint8Array> {
    yield Buffer.concat([event('{"role":"assistant"}', 'messageStart'), frame({}, '{}'), event('{"a":1}', 'chunk')]);
  }
  const { value } = await readChunkBatches(Readable.from(network()), 'converse').next();
  expect(value?.chunks.map(({ bytes, eventType }) => [eventType, Buffer.from(bytes).toString()])).toEqual([
    ['messageStart', '{"role":"assistant"}'],
    ['chunk', '{"a":1}'],
  ]);
});

describe('a stream breaks off, after the chunks before,', () => {
  it.each([
    ['at an exception', exception('throttlingException', '{"message":"slow"}'), 'throttled'],
    ['at an exception without a name', frame({ ':message-type': 'exception' }, '{}'), 'upstream_error'],
    [
      'at an error frame',
      frame({ ':message-type': 'error', ':error-code': 'X', ':error-message': 'y' }, ''),
      'upstream_error',
    ],
    ['at an error frame that says nothing', frame({ ':message-type': 'error' }, ''), 'upstream_error'],
    ['at a damaged frame', damaged, 'upstream_truncated'],
    ['at a chunk that is no JSON', event('{'), 'upstream_truncated'],
    ['at a chunk without bytes', event('{}'), 'upstream_truncated'],
    ['at a chunk whose bytes are no string', event('{"bytes":7}'), 'upstream_truncated'],
    ['at a chunk that is null', event('null'), 'upstream_truncated'],
    ['at a chunk that is a number', event('5'), 'upstream_truncated'],
    ['within a frame', chunk('{"n":9}').subarray(0, 30), 'upstream_truncated'],
  ])('%s', async (_, fault, code) => {
    const expected = { batches: [['1', '2']], code };
    // In the same read, in one of its own, and with more behind it that must not be read.
    expect(await read([Buffer.concat([chunk('1'), chunk('2'), fault])])).toMatchObject(expected);
    expect(await read([Buffer.concat([chunk('1'), chunk('2')]), fault])).toMatchObject(expected);
    if (fault.length === 30) return;
    expect(await read([Buffer.concat([chunk('1'), chunk('2'), fault, chunk('3')]), chunk('4')])).toMatchObject(
      expected,
    );
  });

  it.each([
    ['an exception', exception('throttlingException', '{"message":"slow"}'), 'ThrottlingException: slow'],
    ['an exception without a name', frame({ ':message-type': 'exception' }, 'odd'), 'Unknown: odd'],
    ['an error frame', frame({ ':message-type': 'error', ':error-code': 'X', ':error-message': 'y' }, ''), 'X: y'],
    ['an error frame that says nothing', frame({ ':message-type': 'error' }, ''), 'unknown'],
    ['a chunk without bytes', event('{}'), 'Error: a chunk event holds no bytes'],
  ])('at %s, which the cause tells of', async (_, fault, cause) => {
    const { error } = await read([fault]);
    expect(String((error as Error).cause)).toBe(cause);
  });

  it('at a socket that breaks, whose error is the cause', async () => {
    const reset = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    const { batches, code, error } = await read([chunk('1')], reset);
    expect({ batches, code }).toEqual({ batches: [['1']], code: 'upstream_truncated' });
    expect(error).toHaveProperty('cause', reset);
  });

  it('and its source is closed', async () => {
    let isClosed = false;
    async function* network(): AsyncGenerator<Uint8Array> {
      try {
        yield exception('validationException', '{"message":"no"}');
        yield chunk('1');
      } finally {
        isClosed = true;
      }
    }
    await expect(readChunkBatches(Readable.from(network()), 'chunk').next()).rejects.toMatchObject({
      code: 'upstream_validation',
      message: 'no',
    });
    await vi.waitFor(() => expect(isClosed).toBe(true));
  });
});

describe('the body of a stream', () => {
  it.each(['before it is read', 'while it is awaited'])(
    'that closes without an end breaks it off: %s',
    async (when) => {
      const body = new PassThrough();
      if (when === 'before it is read') await closed(body);
      const next = readChunkBatches(body, 'chunk').next();
      body.destroy();
      await expect(next).rejects.toMatchObject({
        code: 'upstream_truncated',
        cause: { message: 'body broke off' },
      });
    },
  );

  it('that failed before it is read breaks it off', async () => {
    const reset = new Error('reset');
    const body = new PassThrough().on('error', () => undefined);
    await closed(body, reset);
    await expect(readChunkBatches(body, 'chunk').next()).rejects.toMatchObject({ cause: reset });
  });

  it('that was destroyed is read no further, though more of it had arrived', async () => {
    const body = new PassThrough();
    body.write(chunk('1'));
    body.destroy();
    await expect(readChunkBatches(body, 'chunk').next()).rejects.toMatchObject({ code: 'upstream_truncated' });
  });

  it('keeps nothing of a batch that was taken while the next one is awaited', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    const body = new PassThrough();
    const batches = readChunkBatches(body, 'converse');
    const taken = await (async () => {
      body.write(event('{}'));
      const { value } = await batches.next();
      return new WeakRef(value?.chunks[0]?.bytes.buffer ?? {});
    })();
    const awaited = batches.next();
    await setImmediate();
    collect();
    expect(taken.deref()).toBeUndefined();
    body.end();
    await awaited;
  });

  it('is over at its end, though it never closes', async () => {
    const body = new Readable({ autoDestroy: false, read() {} });
    const batches = readChunkBatches(body, 'chunk');
    const first = batches.next();
    body.push(chunk('1'));
    expect((await first).value?.chunks).toHaveLength(1);
    const last = batches.next();
    body.push(null);
    expect(await last).toEqual({ done: true, value: undefined });
  });

  it('is destroyed if its reader leaves before the end', async () => {
    const body = new PassThrough();
    body.write(chunk('1'));
    for await (const _ of readChunkBatches(body, 'chunk')) break;
    expect(body.destroyed).toBe(true);
  });
});

function closed(body: PassThrough, error?: Error): Promise<void> {
  return new Promise((resolve) => void body.on('close', resolve).destroy(error));
}
