import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from './http-request.js';
import { bodyReader } from './http-request.js';

function read(body: HttpRequest['body'], isBase64Encoded?: boolean, maxBytes = 1_000): Uint8Array {
  const { signal } = new AbortController();
  const request = { front: 'test', requestId: 'r', method: 'POST', path: '/', headers: {}, signal };
  const flag = isBase64Encoded === undefined ? {} : { isBase64Encoded };
  return bodyReader({ ...request, ...flag, ...(body !== undefined && { body }) }, maxBytes)();
}

describe('the body of a request', () => {
  it('is nothing where there is none', () => {
    expect(read(undefined, false)).toHaveLength(0);
    expect(read(undefined, true)).toHaveLength(0);
  });

  it('is the bytes of its text, also where nothing is said of base64', () => {
    expect(Buffer.from(read('é😀', false)).toString()).toBe('é😀');
    expect(Buffer.from(read('YWJj')).toString()).toBe('YWJj');
  });

  it('is left as it is where it is bytes, whatever the event says of base64', () => {
    const bytes = Uint8Array.of(0xff, 0x00);
    expect(read(bytes, false)).toBe(bytes);
    expect(read(bytes, true)).toBe(bytes);
  });

  it('is decoded from base64, padded or not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (bytes, isPadded) => {
        const encoded = Buffer.from(bytes).toString('base64');
        expect([...read(isPadded ? encoded : encoded.replaceAll('=', ''), true)]).toEqual([...bytes]);
      }),
    );
  });

  it('may be exactly as large as the limit, and not a byte larger, in every form', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
        const padded = Buffer.from(bytes).toString('base64');
        const text = 'x'.repeat(bytes.length);
        for (const [body, isBase64] of [
          [padded, true],
          [padded.replaceAll('=', ''), true],
          [text, false],
          [bytes, false],
        ] as const) {
          expect(read(body, isBase64, bytes.length)).toHaveLength(bytes.length);
          expect(() => read(body, isBase64, bytes.length - 1)).toThrowError(
            expect.objectContaining({
              code: 'body_too_large',
              message: `The body is over ${bytes.length - 1} bytes. Send less.`,
            }),
          );
        }
      }),
    );
  });

  it('is measured in bytes, not in characters', () => {
    expect(read('éé', false, 4)).toHaveLength(4);
    expect(() => read('éé', false, 3)).toThrowError(expect.objectContaining({ code: 'body_too_large' }));
  });

  it('is refused for its size before it is decoded', () => {
    expect(() => read('!'.repeat(2_000), true)).toThrowError(expect.objectContaining({ code: 'body_too_large' }));
  });

  it.each([
    ['text that is marked as base64', '{"modelId":"a.b"}'],
    ['base64 for URLs', 'a-_b'],
    ['base64 with line breaks', 'YWJj\nZGVm'],
    ['base64 with a space', 'YWJj ZGVm'],
    ['a digit too many', 'YWJjZ'],
    ['one digit', 'Y'],
    ['padding in the middle', 'YQ==YQ=='],
    ['padding that does not fit', 'YWJj='],
    ['too little padding', 'YQ='],
    ['too much padding', 'YWI=='],
    ['three signs of padding', 'Y==='],
    ['padding alone', '=='],
  ])('is refused where it is %s', (_name, body) => {
    expect(() => read(body, true)).toThrowError(
      expect.objectContaining({
        code: 'invalid_json',
        message: 'The body is marked as base64 and is none. Send it as it is.',
      }),
    );
  });
});
