import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChunkPayload } from './read-chunk-payload.js';

const read = (payload: string): string | undefined => {
  const bytes = readChunkPayload(Buffer.from(payload));
  return bytes && Buffer.from(bytes).toString();
};
const encoded = Buffer.from('{"a":1}').toString('base64');

describe('the payload of a chunk event', () => {
  it.each([
    `{"bytes":"${encoded}"}`,
    `{"bytes":"${encoded}","p":"abc"}`,
    `{"bytes":"${encoded}","p":""}`,
    `{"p":"abc","bytes":"${encoded}"}`,
    ` { "bytes" : "${encoded}" , "p" : "abc" } `,
    `{"bytes":"AAAA","bytes":"${encoded}"}`,
    `{"bytes":"AAAA","p":"abc","bytes":"${encoded}"}`,
    `{"bytes":"AAAA","p":"","bytes":"${encoded}"}`,
    `{"bytes":"${encoded}","p":"a","q":"b"}`,
    `{"bytes":"${encoded}","p":"a\\"b"}`,
    `{"bytes":"${encoded}","p":[]}`,
    `{"bytes":"${encoded.replace('e', '\\u0065')}"}`,
  ])('is read as JSON would be: %s', (payload) => {
    expect(read(payload)).toBe('{"a":1}');
  });

  it.each([
    ...['', '{', '{"bytes":"', '{"bytes":"eyJ9', '{"bytes":"eyJ9"', '{"bytes":"eyJ9","p":"', '{"bytes":"eyJ9","p":"a"'],
    ...['{"bytes":"eyJ9"}}', '{"bytes":"eyJ9"} x', '{"bytes":"eyJ9","p":"a"}"}', '{"bytes":"eyJ9","p":"a","}'],
    ...['{"bytes":7}', '{"bytes":null}', '{"p":"a"}', '[]', 'null', '"bytes"', '{"bytes":"eyJ9","p":}'],
  ])('holds nothing where it is no such object: %s', (payload) => {
    expect(read(payload)).toBeUndefined();
  });

  it('is an empty document where bytes is empty', () => {
    expect(read('{"bytes":"","p":"abc"}')).toBe('');
  });

  it('gives back any bytes, whatever the padding', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.option(fc.string(), { nil: undefined }), (bytes, p) => {
        const payload = JSON.stringify({ bytes: Buffer.from(bytes).toString('base64'), p });
        expect(readChunkPayload(Buffer.from(payload))).toEqual(Buffer.from(bytes));
      }),
    );
  });
});
