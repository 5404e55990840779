import { crc32 } from 'node:zlib';

const preludeBytes = 12;
const checksumBytes = 4;
const stringType = 7;

/** One frame of `application/vnd.amazon.eventstream`: string headers in their order, a payload, and both checksums. */
export function encodeFrame(headers: Readonly<Record<string, string>>, payload: Uint8Array): Uint8Array {
  const block = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)));
  const frame = Buffer.alloc(preludeBytes + block.length + payload.length + checksumBytes);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(block.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  frame.set(block, preludeBytes);
  frame.set(payload, preludeBytes + block.length);
  const end = frame.length - checksumBytes;
  frame.writeUInt32BE(crc32(frame.subarray(0, end)), end);
  return frame;
}

/** A name is at most 255 bytes long, a value 32,767. Throws a `RangeError` for a longer one. */
function encodeHeader(name: string, value: string): Uint8Array {
  const nameBytes = Buffer.from(name);
  const valueBytes = Buffer.from(value);
  if (nameBytes.length > 255 || valueBytes.length > 32_767) throw new RangeError('A header of a frame is too long.');
  return Buffer.concat([
    Uint8Array.of(nameBytes.length),
    nameBytes,
    Uint8Array.of(stringType, valueBytes.length >> 8, valueBytes.length & 0xff),
    valueBytes,
  ]);
}
