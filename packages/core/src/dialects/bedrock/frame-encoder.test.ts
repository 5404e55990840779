import { EventStreamCodec } from '@smithy/core/event-streams';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorKinds } from '../../errors/error-kinds.js';
import { ProxyError, type UpstreamFailure } from '../../errors/proxy-error.js';
import type { Chunk, ModelOperation } from '../../ports/model-invoker.js';
import { FrameEncoder } from './frame-encoder.js';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text),
);

/** The frames in some bytes: their headers in order, and their payloads as JSON. */
function framesIn(bytes: string | Uint8Array) {
  const rest = Buffer.from(bytes);
  const frames: { headers: (readonly [string, unknown])[]; payload: unknown }[] = [];
  for (let at = 0; at < rest.length; at += rest.readUInt32BE(at)) {
    const { headers, body } = codec.decode(rest.subarray(at, at + rest.readUInt32BE(at)));
    frames.push({
      headers: Object.entries(headers).map(([name, { value }]) => [name, value] as const),
      payload: JSON.parse(Buffer.from(body).toString()),
    });
  }
  return frames;
}

const encoderOf = (operation: ModelOperation = 'invoke-model', heartbeat = false) =>
  new FrameEncoder({ operation, heartbeat, headers: () => ({ 'x-amzn-requestid': 'r', 'content-type': 'x/y' }) });
const chunk = (text: string, eventType?: string): Chunk => ({
  bytes: Buffer.from(text),
  ...(eventType !== undefined && { eventType }),
});
const batchOf = (...chunks: Chunk[]) => ({ chunks: chunks.map((each) => ({ ...each, value: null })), events: [] });

function exceptionOf(code: ErrorCode, upstream?: UpstreamFailure, operation?: ModelOperation) {
  const error = new ProxyError(code, upstream && { upstream });
  const [frame, ...others] = framesIn(encoderOf(operation).fail(error));
  expect(others).toEqual([]);
  const { ':exception-type': type } = Object.fromEntries(frame?.headers ?? []);
  return { type, payload: frame?.payload, headers: frame?.headers };
}

describe('the frames of a stream', () => {
  it('are those of the network, the very same bytes', () => {
    const frames = Buffer.from('whatever came');
    expect(encoderOf().batch({ ...batchOf(chunk('{}')), frames })).toBe(frames);
  });

  it('are made of the chunks of an invoker that has none', () => {
    const made = framesIn(encoderOf().batch(batchOf(chunk('{"a":"ä"}'), chunk('{"messageStop":1}', 'messageStop'))));
    expect(made).toEqual([
      {
        headers: [
          [':event-type', 'chunk'],
          [':content-type', 'application/json'],
          [':message-type', 'event'],
        ],
        payload: { bytes: Buffer.from('{"a":"ä"}').toString('base64') },
      },
      {
        headers: [
          [':event-type', 'messageStop'],
          [':content-type', 'application/json'],
          [':message-type', 'event'],
        ],
        payload: { messageStop: 1 },
      },
    ]);
    expect(encoderOf().batch(batchOf())).toHaveLength(0);
  });

  it('have no opening, no end of their own and no heartbeat', () => {
    const encoder = encoderOf();
    expect([encoder.open(), encoder.ping(), encoder.end()]).toEqual(['', '', '']);
    expect(encoder).toMatchObject({ waitsForFirst: true, onBufferedFailure: { append: 200 } });
  });

  it('have a heartbeat if the operator wants one', () => {
    const [ping] = framesIn(encoderOf('converse', true).ping());
    expect(ping).toMatchObject({
      headers: [[':event-type', 'ping'], expect.anything(), [':message-type', 'event']],
      payload: {},
    });
  });

  it("go out under the one content type, with Bedrock's headers", () => {
    expect(encoderOf().headers).toEqual({
      'content-type': 'application/vnd.amazon.eventstream',
      'cache-control': 'no-cache, no-transform',
      'x-amzn-requestid': 'r',
    });
  });
});

describe('an end that is not whole', () => {
  const types: Readonly<Partial<Record<ErrorCode, string>>> = {
    throttled: 'throttlingException',
    quota_exceeded: 'throttlingException',
    upstream_validation: 'validationException',
    response_too_large: 'validationException',
    upstream_unavailable: 'serviceUnavailableException',
    model_not_ready: 'serviceUnavailableException',
    auth_unavailable: 'serviceUnavailableException',
    upstream_timeout: 'modelTimeoutException',
    deadline_exceeded: 'modelTimeoutException',
    upstream_error: 'modelStreamErrorException',
    upstream_truncated: 'modelStreamErrorException',
    upstream_denied: 'modelStreamErrorException',
  };

  it.each(Object.keys(errorKinds) as ErrorCode[])('of %s is one exception frame', (code) => {
    const type = types[code] ?? 'internalServerException';
    expect(exceptionOf(code)).toEqual({
      type,
      payload: { message: errorKinds[code].message },
      headers: [
        [':exception-type', type],
        [':content-type', 'application/json'],
        [':message-type', 'exception'],
      ],
    });
  });

  it.each(['upstream_timeout', 'deadline_exceeded'] as const)('of %s is another exception of Converse', (code) => {
    expect(exceptionOf(code, undefined, 'converse').type).toBe('serviceUnavailableException');
  });

  it.each([
    'internalServerException',
    'modelStreamErrorException',
    'serviceUnavailableException',
    'throttlingException',
    'validationException',
  ])('by the exception %s of Bedrock keeps this type', (exceptionType) => {
    const upstream = { name: 'Whatever', exceptionType, message: 'Cleaned.' };
    for (const operation of ['invoke-model', 'converse'] as const) {
      expect(exceptionOf('upstream_error', upstream, operation)).toMatchObject({
        type: exceptionType,
        payload: { message: 'Cleaned.' },
      });
    }
  });

  it.each([
    ['invoke-model', 'upstream_error', 'neverHeardOfException', 'modelStreamErrorException'],
    ['converse', 'upstream_error', 'neverHeardOfException', 'modelStreamErrorException'],
    ['converse', 'upstream_timeout', 'modelTimeoutException', 'serviceUnavailableException'],
    ['converse', 'throttled', 'throttling', 'throttlingException'],
    ['invoke-model', 'internal', 'toString', 'internalServerException'],
  ] as const)('of %s with code %s by an exception %s, unknown to clients, is a %s that names it', (...row) => {
    const [operation, code, exceptionType, type] = row;
    const upstream = { name: 'Whatever', exceptionType, message: 'Cleaned.' };
    const payload = { message: `${exceptionType}: Cleaned.` };
    expect(exceptionOf(code, upstream, operation)).toMatchObject({ type, payload });
    const unexplained = { message: `${exceptionType}: ${errorKinds[code].message}` };
    expect(exceptionOf(code, { name: 'Whatever', exceptionType }, operation)).toMatchObject({
      type,
      payload: unexplained,
    });
  });

  it('by modelTimeoutException of InvokeModelWithResponseStream keeps this type', () => {
    const upstream = { name: 'Whatever', exceptionType: 'modelTimeoutException', message: 'Cleaned.' };
    expect(exceptionOf('upstream_timeout', upstream)).toMatchObject({
      type: 'modelTimeoutException',
      payload: { message: 'Cleaned.' },
    });
  });

  it('of an error frame is an internal error', () => {
    expect(exceptionOf('upstream_error', { name: 'whatever', message: 'x' })).toMatchObject({
      type: 'internalServerException',
      payload: { message: errorKinds.upstream_error.message },
    });
  });

  it('of a failure in a chunk shows that chunk first, once', () => {
    const failing = chunk('{"type":"error"}');
    const error = new ProxyError('upstream_error', { upstream: { name: 'api_error', chunk: failing.bytes } });
    const made = framesIn(encoderOf().fail(error));
    expect(made.map(({ headers }) => headers[0])).toEqual([
      [':event-type', 'chunk'],
      [':exception-type', 'modelStreamErrorException'],
    ]);
    const passing = encoderOf();
    passing.batch({ ...batchOf(failing), frames: Buffer.from('came') });
    expect(framesIn(passing.fail(error))).toHaveLength(1);
  });
});
