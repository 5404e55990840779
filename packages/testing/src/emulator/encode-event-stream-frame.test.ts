import { EventStreamCodec } from '@smithy/core/event-streams';
import { fromUtf8, toUtf8 } from '@smithy/core/serde';
import { describe, expect, it } from 'vitest';
import {
  encodeChunkFrame,
  encodeConverseFrame,
  encodeEventStreamFrame,
  encodeExceptionFrame,
} from './encode-event-stream-frame.js';

const codec = new EventStreamCodec(toUtf8, fromUtf8);
const decode = (frame: Uint8Array) => {
  const { headers, body } = codec.decode(frame);
  return {
    headers: Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])),
    payload: toUtf8(body),
  };
};

describe('a frame', () => {
  it('equals the frame of the public codec byte for byte', () => {
    const headers = { ':event-type': 'chunk', 'x-ü': '' };
    const body = Uint8Array.of(0, 255, 7);
    const expected = codec.encode({
      headers: { ':event-type': { type: 'string', value: 'chunk' }, 'x-ü': { type: 'string', value: '' } },
      body,
    });
    expect(Buffer.from(encodeEventStreamFrame(headers, body)).toString('hex')).toBe(
      Buffer.from(expected).toString('hex'),
    );
  });

  it('can be empty', () => {
    expect(encodeEventStreamFrame({}, new Uint8Array())).toHaveLength(16);
    expect(decode(encodeEventStreamFrame({}, new Uint8Array()))).toEqual({ headers: {}, payload: '' });
  });
});

it('a frame of ConverseStream has its type in a header, and padding in its payload', () => {
  const { headers, payload } = decode(encodeConverseFrame('messageStop', { stopReason: 'end_turn' }));
  expect(headers).toEqual({
    ':event-type': 'messageStop',
    ':content-type': 'application/json',
    ':message-type': 'event',
  });
  expect(JSON.parse(payload)).toEqual({ stopReason: 'end_turn', p: expect.stringMatching(/^abc|^ab?$/) });
});

describe('a chunk frame', () => {
  it('equals a recorded frame with the same document and padding', () => {
    expect(Buffer.from(encodeChunkFrame({ a: 1 }, 'abcdef')).toString('hex')).toBe(
      '000000800000004b35caf7e30b3a6576656e742d747970650700056368756e6b0d3a636f6e74656e742d747970650700106170706c69636174' +
        '696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b226279746573223a2265794a68496a6f7866513d3d222c2270' +
        '223a22616263646566227d94722830',
    );
  });

  it('has random padding of at least one letter', () => {
    const paddings = Array.from({ length: 64 }, () => JSON.parse(decode(encodeChunkFrame('{}')).payload).p.length);
    expect(Math.min(...paddings)).toBeGreaterThan(0);
    expect(new Set(paddings).size).toBeGreaterThan(1);
  });
});

describe('an exception frame', () => {
  it('has the name of the exception in a header, and its message in the payload', () => {
    expect(decode(encodeExceptionFrame('modelStreamErrorException', 'Broken.', { originalStatusCode: 500 }))).toEqual({
      headers: {
        ':exception-type': 'modelStreamErrorException',
        ':content-type': 'application/json',
        ':message-type': 'exception',
      },
      payload: '{"message":"Broken.","originalStatusCode":500}',
    });
  });
});
