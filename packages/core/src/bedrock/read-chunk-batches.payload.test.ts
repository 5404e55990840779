import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readChunkPayload } from './read-chunk-batches.js';

/** What stands around a payload in what was read, which may look like the rest of it. */
const surroundings = ['', 'x', '"}', '","p":"a"}', '{"bytes":"AAAA"}'];

const readBytes = (payload: string): Uint8Array | undefined => {
  const [alone, ...embedded] = surroundings.map((text) => {
    const around = Buffer.from(text);
    const bytes = Buffer.concat([around, Buffer.from(payload), around]);
    return readChunkPayload({ bytes, start: around.length, end: bytes.length - around.length });
  });
  for (const same of embedded) expect(same).toEqual(alone);
  return alone;
};
const read = (payload: string): string | undefined => {
  const bytes = readBytes(payload);
  return bytes && Buffer.from(bytes).toString();
};
const encoded = Buffer.from('{"a":1}').toString('base64');

afterEach(() => void vi.restoreAllMocks());

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

  it.each([`{"bytes":"${encoded}"}`, `{"bytes":"${encoded}","p":"abc"}`, '{"bytes":"","p":""}'])(
    'is cut out, not parsed, in the form that Bedrock sends: %s',
    (payload) => {
      const parse = vi.spyOn(JSON, 'parse');
      expect(readBytes(payload)).toBeDefined();
      expect(parse).not.toHaveBeenCalled();
    },
  );

  it.each([
    ...['', '{', '{"bytes":"', '{"bytes":"eyJ9', '{"bytes":"eyJ9"', '{"bytes":"eyJ9","p":"', '{"bytes":"eyJ9","p":"a"'],
    ...[
      'x{"bytes":"eyJ9"}',
      '{"bytes":"eyJ9"}}',
      '{"bytes":"eyJ9"} x',
      '{"bytes":"eyJ9","p":"a"}"}',
      '{"bytes":"eyJ9","p":"a","}',
    ],
    ...[
      '["bytes":"eyJ9"}',
      '{"bytez":"eyJ9"}',
      '{"other":"eyJ9","p":"a"}',
      '{"bytes":7}',
      '{"bytes":null}',
      '{"p":"a"}',
      '[]',
      'null',
      '"bytes"',
      '{"bytes":"eyJ9","p":}',
    ],
  ])('holds nothing where it is no such object: %s', (payload) => {
    expect(read(payload)).toBeUndefined();
  });

  it('is read as JSON would be wherever it is cut off', () => {
    const whole = `{"bytes":"${encoded}","p":"abc"}`;
    for (let length = 0; length < whole.length; length += 1) expect(read(whole.slice(0, length))).toBeUndefined();
  });

  it('is an empty document where bytes is empty', () => {
    expect(read('{"bytes":"","p":"abc"}')).toBe('');
  });

  it('gives back any bytes, whatever the padding', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.option(fc.string(), { nil: undefined }), (bytes, p) => {
        const payload = JSON.stringify({ bytes: Buffer.from(bytes).toString('base64'), p });
        expect(readBytes(payload)).toEqual(Buffer.from(bytes));
      }),
    );
  });
});
