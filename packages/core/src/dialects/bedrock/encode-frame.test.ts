import { EventStreamCodec } from '@smithy/core/event-streams';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from './encode-frame.js';

const utf8 = {
  encode: (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8'),
  decode: (text: string) => Buffer.from(text),
};
const codec = new EventStreamCodec(utf8.encode, utf8.decode);

const read = (frame: Uint8Array) => {
  const { headers, body } = codec.decode(frame);
  return { headers: Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])), body };
};

describe('a frame', () => {
  it("is what the SDK's own codec reads, and writes", () => {
    const name = fc
      .string({ minLength: 1, maxLength: 60 })
      .filter((text) => text !== '__proto__' && text.isWellFormed());
    const value = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.dictionary(name, value), fc.uint8Array({ maxLength: 3_000 }), (headers, payload) => {
        const frame = encodeFrame(headers, payload);
        const { headers: found, body } = read(frame);
        expect({ ...found }).toEqual({ ...headers });
        expect(Buffer.from(body)).toEqual(Buffer.from(payload));
        const theirs = Object.entries(headers).map(([key, text]) => [key, { type: 'string', value: text }]);
        const encoded = codec.encode({ headers: Object.fromEntries(theirs), body: payload });
        expect(Buffer.from(frame)).toEqual(Buffer.from(encoded));
      }),
    );
  });

  it('keeps the order of its headers', () => {
    const { headers } = read(encodeFrame({ ':b': '1', ':a': '2', ':c': '3' }, new Uint8Array()));
    expect(Object.keys(headers)).toEqual([':b', ':a', ':c']);
  });

  it('has no room for a header that is too long', () => {
    expect(() => encodeFrame({ a: 'x'.repeat(32_768) }, new Uint8Array())).toThrow(RangeError);
    expect(() => encodeFrame({ ['x'.repeat(256)]: 'a' }, new Uint8Array())).toThrow(RangeError);
  });
});
