import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ProxyError } from '../errors/proxy-error.js';
import { createFrameReader, type Frame, type FrameReader } from './frame-reader.js';

type Header = readonly [name: string, type: number, value: Uint8Array];

const text = (value: string): Uint8Array => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes]);
};
const headerBytes = ([name, type, value]: Header): Uint8Array =>
  Buffer.concat([Uint8Array.of(Buffer.byteLength(name)), Buffer.from(name), Uint8Array.of(type), value]);

/** A frame with correct checksums. `lengths` replaces its lengths, and the checksums stay correct. */
function frameOf(headers: Uint8Array, payload: Uint8Array, lengths: { total?: number; headers?: number } = {}): Buffer {
  const frame = Buffer.alloc(16 + headers.length + payload.length);
  frame.writeUInt32BE(lengths.total ?? frame.length, 0);
  frame.writeUInt32BE(lengths.headers ?? headers.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  frame.set(headers, 12);
  frame.set(payload, 12 + headers.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4);
  return frame;
}

const none = new Uint8Array();
const everyType: readonly Header[] = [
  ['true', 0, none],
  ['false', 1, none],
  ['byte', 2, Uint8Array.of(255)],
  ['short', 3, Uint8Array.of(1, 2)],
  ['int', 4, new Uint8Array(4)],
  ['long', 5, new Uint8Array(8)],
  ['bytes', 6, text('binary')],
  [':event-type', 7, text('chunk')],
  ['time', 8, new Uint8Array(8)],
  ['uuid', 9, new Uint8Array(16)],
  ['empty', 7, text('')],
  ['größe', 7, text('世界')],
];
const rich = frameOf(Buffer.concat(everyType.map(headerBytes)), Buffer.from('{"a":1}'));
const bare = frameOf(none, none);
const plain = frameOf(headerBytes([':message-type', 7, text('event')]), Buffer.from('payload'));

/** The frames and the error of one read. */
function push(reader: FrameReader, read: Uint8Array) {
  const frames: Frame[] = [];
  const corruption = reader.push(read, (frame) => void frames.push(frame));
  return { frames, corruption };
}

/** The frames of these reads as plain values, and the code of an error. */
function readAll(reads: Iterable<Uint8Array>) {
  const reader = createFrameReader();
  const frames: { headers: Record<string, string>; payload: string }[] = [];
  let code: string | undefined;
  for (const read of reads) {
    const result = push(reader, read);
    // Copied at once, because the next read may overwrite the payload.
    for (const { headers, bytes, start, end } of result.frames)
      frames.push({ headers: Object.fromEntries(headers), payload: bytes.toString('utf8', start, end) });
    code = result.corruption?.code;
    if (code) return { frames, code };
  }
  try {
    reader.end();
  } catch (error) {
    code = error instanceof ProxyError ? error.code : 'another error';
  }
  return { frames, code };
}

const causeOf = (bytes: Uint8Array) => String((push(createFrameReader(), bytes).corruption?.cause as Error)?.message);

const whole = {
  frames: [
    { headers: { ':event-type': 'chunk', empty: '', größe: '世界' }, payload: '{"a":1}' },
    { headers: {}, payload: '' },
    { headers: { ':message-type': 'event' }, payload: 'payload' },
  ],
  code: undefined,
};
const wire = Buffer.concat([rich, bare, plain]);

describe('a frame', () => {
  it('is read from the bytes that the specification defines', () => {
    const recorded = Buffer.from(
      '000000800000004b35caf7e30b3a6576656e742d747970650700056368756e6b0d3a636f6e74656e742d747970650700106170706c69636174' +
        '696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b226279746573223a2265794a68496a6f7866513d3d222c2270' +
        '223a22616263646566227d94722830',
      'hex',
    );
    expect(readAll([recorded])).toEqual({
      frames: [
        {
          headers: { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' },
          payload: '{"bytes":"eyJhIjoxfQ==","p":"abcdef"}',
        },
      ],
      code: undefined,
    });
  });

  it('is read with headers of every type, but keeps only strings', () => {
    expect(readAll([wire])).toEqual(whole);
  });

  it('has its own headers, even if the frame before it has others', () => {
    const types = ['chunk', 'chunk', 'other', 'chunk', 'chunks', 'other'];
    const frames = types.map((type) => frameOf(headerBytes([':event-type', 7, text(type)]), Buffer.from(type)));
    const expected = types.map((type) => ({ headers: { ':event-type': type }, payload: type }));
    expect(readAll(frames).frames).toEqual(expected);
    expect(readAll([Buffer.concat(frames)]).frames).toEqual(expected);
  });

  it('is read from single bytes', () => {
    expect(readAll(Array.from(wire, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('is read from pieces of any size, even empty ones', () => {
    const cuts = fc
      .array(fc.nat(wire.length), { maxLength: 12 })
      .map((at) => [0, ...at.sort((a, b) => a - b), wire.length]);
    fc.assert(
      fc.property(cuts, (at) => {
        expect(readAll(at.map((end, index) => wire.subarray(at[index - 1] ?? 0, end)))).toEqual(whole);
      }),
    );
  });

  it('is read from a view of a larger buffer', () => {
    const larger = new Uint8Array(wire.length + 20).fill(7);
    larger.set(wire, 10);
    expect(readAll([larger.subarray(10, 10 + wire.length)])).toEqual(whole);
  });

  it('is returned by the read that completes it', () => {
    const reader = createFrameReader();
    expect(push(reader, plain.subarray(0, -1)).frames).toHaveLength(0);
    expect(push(reader, plain.subarray(-1)).frames).toHaveLength(1);
    expect(push(reader, Buffer.concat([bare, bare, plain.subarray(0, 13)])).frames).toHaveLength(2);
    expect(push(reader, plain.subarray(13)).frames).toHaveLength(1);
    reader.end();
  });

  it('is joined only once, when it is complete', () => {
    const concat = vi.spyOn(Buffer, 'concat');
    const reader = createFrameReader();
    for (const byte of rich) push(reader, Uint8Array.of(byte));
    // Once for the prelude, once for the frame.
    expect(concat).toHaveBeenCalledTimes(2);
    concat.mockRestore();
  });

  it('may have 24 MiB', () => {
    const longest = frameOf(none, new Uint8Array(24 * 1024 * 1024 - 16));
    expect(push(createFrameReader(), longest).frames).toMatchObject([{ start: 12, end: 24 * 1024 * 1024 - 4 }]);
  });
});

describe('a stream of frames that ends', () => {
  it('inside a frame fails with upstream_truncated', () => {
    for (let end = 1; end < plain.length; end += 1) {
      expect(readAll([rich, plain.subarray(0, end)])).toEqual({
        frames: [whole.frames[0]],
        code: 'upstream_truncated',
      });
    }
  });

  it('inside a frame has the number of its bytes in the cause', () => {
    const reader = createFrameReader();
    push(reader, plain.subarray(0, 5));
    expect(() => reader.end()).toThrow(
      expect.objectContaining({
        cause: expect.objectContaining({ message: expect.stringContaining('5 bytes into a frame') }),
      }),
    );
  });

  it('between frames, or before any, is not an error here', () => {
    expect(readAll([rich])).toEqual({ frames: [whole.frames[0]], code: undefined });
    expect(readAll([])).toEqual({ frames: [], code: undefined });
  });
});

describe('a frame is refused', () => {
  const claiming = (total: number, headers = 0) => frameOf(none, none, { total, headers }).subarray(0, 12);
  const badMessageChecksum = Buffer.from(plain);
  badMessageChecksum.writeUInt32BE(0, plain.length - 4);
  const badPreludeChecksum = Buffer.from(plain);
  badPreludeChecksum.writeUInt32BE(0, 8);
  const badPayload = Buffer.from(plain);
  badPayload[plain.length - 5] = 0;

  it.each([
    ['for a length of 0', claiming(0), 'claims 0 bytes'],
    ['for a length of 15', claiming(15), 'claims 15 bytes'],
    ['for a length over 24 MiB', claiming(24 * 1024 * 1024 + 1), 'claims 25165825 bytes'],
    ['for a length of 800 MB', claiming(800_000_000), 'claims 800000000 bytes'],
    ['for the largest possible length', claiming(0xffffffff), 'claims 4294967295 bytes'],
    ['for headers that are longer than the frame', claiming(16, 1), 'claims 1 of headers'],
    ['for headers of 4 GiB', claiming(100, 0xffffffff), 'claims 4294967295 of headers'],
    ['for a wrong checksum of its prelude', badPreludeChecksum, 'checksum of a prelude'],
    ['for a wrong checksum of its message', badMessageChecksum, 'checksum of a message'],
    ['for a changed payload', badPayload, 'checksum of a message'],
  ])('%s', (_, bytes, cause) => {
    expect(readAll([bytes])).toEqual({ frames: [], code: 'upstream_truncated' });
    expect(causeOf(bytes)).toContain(cause);
    expect(readAll(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual({
      frames: [],
      code: 'upstream_truncated',
    });
  });

  it.each([
    ['an incomplete name', Uint8Array.of(9, 97)],
    ['a name without a type', Uint8Array.of(1, 97)],
    ['an unknown type', Uint8Array.of(1, 97, 10, 0, 0)],
    ['a string without a length', Uint8Array.of(1, 97, 7, 0)],
    ['an incomplete string', Uint8Array.of(1, 97, 7, 0, 2, 97)],
    ['incomplete bytes', Uint8Array.of(1, 97, 6, 0, 2, 97)],
    ['an incomplete number', Uint8Array.of(1, 97, 4, 0, 0, 0)],
    ['an incomplete uuid', Buffer.concat([Uint8Array.of(1, 97, 9), new Uint8Array(15)])],
  ])('for headers with %s', (_, headers) => {
    // The payload must not be read as a part of the headers.
    const frame = frameOf(headers, new Uint8Array(64));
    expect(readAll([frame])).toEqual({ frames: [], code: 'upstream_truncated' });
    expect(causeOf(frame)).toContain('headers of a frame cannot be read');
  });

  it('after the frames before it are read', () => {
    expect(readAll([Buffer.concat([rich, bare, badMessageChecksum, plain])])).toEqual({
      frames: whole.frames.slice(0, 2),
      code: 'upstream_truncated',
    });
  });

  it('before memory is allocated for it', () => {
    const reader = createFrameReader();
    const before = process.memoryUsage().arrayBuffers;
    expect(push(reader, claiming(800_000_000)).corruption?.code).toBe('upstream_truncated');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });
});
