import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serializedSize, writeProxyResult } from './write-proxy-result.js';

const answer = (body: string | Uint8Array) => ({
  ...{ status: 200, headers: { a: 'b' }, body, signal: new AbortController().signal, close: async () => {} },
});

describe('writeProxyResult', () => {
  it.each([
    ['text', '{"é":1}'],
    ['bytes that are text', Buffer.from('{"é":1}')],
  ])('returns %s as a string', (_name, body) => {
    expect(writeProxyResult(answer(body))).toEqual({
      ...{ statusCode: 200, headers: { a: 'b' }, body: '{"é":1}', isBase64Encoded: false },
    });
  });

  it('returns other bytes as base64', () => {
    const bytes = Uint8Array.of(0xff, 0xfe, 0x00);
    expect(writeProxyResult(answer(bytes))).toMatchObject({ body: '//4A', isBase64Encoded: true });
  });

  it('keeps a byte order mark and every byte of any body', () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(`\ufeff${text}`)),
    );
    fc.assert(
      fc.property(body, (bytes) => {
        const result = writeProxyResult(answer(bytes));
        const sent = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8');
        expect(sent.equals(bytes)).toBe(true);
      }),
    );
  });
});

describe('serializedSize', () => {
  it('returns sizes whose sum is the size of the body in the serialized result', () => {
    const unit = fc.oneof(
      fc.constantFrom('"', '\\', '\n', '\u0001', 'é', '😀', '\u2028'),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(fc.array(unit), (pieces) => {
        const sum = pieces.reduce((bytes, piece) => bytes + serializedSize(piece), 0);
        const empty = Buffer.byteLength(JSON.stringify(writeProxyResult(answer(''))));
        expect(empty + sum).toBe(Buffer.byteLength(JSON.stringify(writeProxyResult(answer(pieces.join(''))))));
      }),
    );
  });
});
