import { crc32 } from 'node:zlib';
import { ProxyError, toProxyError } from '../errors/proxy-error.js';

/** One message of an AWS event stream. Its payload is `bytes` from `start` to `end`. Copy it to keep it: a later read may overwrite it. */
export interface Frame {
  readonly headers: FrameHeaders;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

const preludeBytes = 12;
/** The length of the checksum at the end of a frame. */
export const checksumBytes = 4;
const minFrameBytes = preludeBytes + checksumBytes;
/** Frames of Bedrock are smaller. A larger length is corrupt, and is refused before memory is allocated. */
const maxFrameBytes = 24 * 1024 * 1024;

/** Splits network reads of any size into frames. */
export interface FrameReader {
  /**
   * Calls `take` with each frame that `read` completes. It returns no list, because a list would prevent the reuse of the memory of the
   * reads. Returns an error if a corrupt frame follows. Nothing can be read after it.
   */
  push(read: Uint8Array, take: (frame: Frame) => void): ProxyError | undefined;
  /** Throws `upstream_truncated` if the stream ended inside a frame. */
  end(): void;
}

export function createFrameReader(): FrameReader {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  /** The number of pending bytes that the next step needs. */
  let needed = preludeBytes;

  /** Takes the complete frames in `bytes`. Returns the rest. */
  function takeWhole(bytes: Buffer, take: (frame: Frame) => void): Buffer {
    let at = 0;
    while (bytes.length - at >= preludeBytes) {
      const length = frameLength(bytes, at);
      needed = length;
      if (bytes.length - at < length) break;
      take(readFrame(bytes, at, at + length));
      at += length;
      needed = preludeBytes;
    }
    return bytes.subarray(at);
  }

  return {
    push(read, take) {
      const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
      pendingBytes += bytes.length;
      if (pendingBytes < needed) {
        if (bytes.length > 0) pending.push(bytes);
        return undefined;
      }
      const whole = pending.length === 0 ? bytes : Buffer.concat([...pending, bytes], pendingBytes);
      try {
        const rest = takeWhole(whole, take);
        pending = rest.length === 0 ? [] : [rest];
        pendingBytes = rest.length;
        return undefined;
      } catch (error) {
        return toProxyError(error);
      }
    },
    end() {
      if (pendingBytes > 0) throw corrupt(`the stream ended ${pendingBytes} bytes into a frame`);
    },
  };
}

/** Checks the prelude of the frame at `start`. Returns the length of the frame. */
function frameLength(bytes: Buffer, start: number): number {
  const length = bytes.readUInt32BE(start);
  const headersLength = bytes.readUInt32BE(start + 4);
  if (checksumOfLengths(bytes, start) !== bytes.readUInt32BE(start + 8))
    throw corrupt('the checksum of a prelude does not match');
  if (length < minFrameBytes || length > maxFrameBytes) throw corrupt(`a frame claims ${length} bytes`);
  if (headersLength > length - minFrameBytes)
    throw corrupt(`a frame of ${length} bytes claims ${headersLength} of headers`);
  return length;
}

/** The CRC-32 of the eight bytes at `start`. `crc32` would need a new view for each frame. */
function checksumOfLengths(bytes: Buffer, start: number): number {
  let checksum = -1;
  for (let at = start; at < start + 8; at++) {
    checksum = (checksumSteps[(checksum ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (checksum >>> 8);
  }
  return ~checksum >>> 0;
}

/** The table of CRC-32 (ISO-HDLC, as in gzip). */
const checksumSteps = Int32Array.from({ length: 256 }, (_, byte) => {
  let step = byte;
  for (let bit = 0; bit < 8; bit++) step = (step >>> 1) ^ (step & 1 ? 0xedb88320 : 0);
  return step;
});

function readFrame(bytes: Buffer, start: number, end: number): Frame {
  const bodyEnd = end - checksumBytes;
  if (crc32(bytes.subarray(start, bodyEnd)) !== bytes.readUInt32BE(bodyEnd)) {
    throw corrupt('the checksum of a message does not match');
  }
  const headersStart = start + preludeBytes;
  const headersEnd = headersStart + bytes.readUInt32BE(start + 4);
  const headers = readHeaders(bytes, headersStart, headersEnd);
  if (headers === undefined) throw corrupt('the headers of a frame cannot be read');
  return { headers, bytes, start: headersEnd, end: bodyEnd };
}

/** The last header blocks that were read, of all streams: each kind of event has its own, which never changes. */
const knownBlocks: { readonly block: Buffer; readonly headers: FrameHeaders }[] = [];
const mostKnown = 8;
/** Longer blocks, such as those of errors with their message, are not kept. */
const longestKnown = 128;

function readHeaders(bytes: Buffer, start: number, end: number): FrameHeaders | undefined {
  const length = end - start;
  for (const { block, headers } of knownBlocks) {
    if (block.length === length && bytes.compare(block, 0, length, start, end) === 0) return headers;
  }
  // Copied, because a later read may overwrite it.
  const block = Buffer.from(bytes.subarray(start, end));
  const headers = readFrameHeaders(block);
  if (headers && length <= longestKnown) {
    knownBlocks.unshift({ block, headers });
    knownBlocks.splice(mostKnown);
  }
  return headers;
}

function corrupt(problem: string): ProxyError {
  return new ProxyError('upstream_truncated', { cause: new Error(`corrupt event stream: ${problem}`) });
}

/** The string headers of a frame. Headers of other types are skipped, because streams of Bedrock do not use them. */
export type FrameHeaders = ReadonlyMap<string, string>;

const stringType = 7;
/** The size of a value by type, from the event-stream specification. Bytes and strings have their own length. */
const fixedSizes: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };

/** Reads the headers of a frame; undefined if they are malformed. */
export function readFrameHeaders(block: Buffer): FrameHeaders | undefined {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < block.length) {
    const nameEnd = at + 1 + block.readUInt8(at);
    if (nameEnd + 1 > block.length) return undefined;
    const name = block.toString('utf8', at + 1, nameEnd);
    const type = block.readUInt8(nameEnd);
    at = nameEnd + 1;
    let size = fixedSizes[type];
    if (size === undefined) {
      if ((type !== stringType && type !== 6) || at + 2 > block.length) return undefined;
      size = block.readUInt16BE(at);
      at += 2;
    }
    if (at + size > block.length) return undefined;
    if (type === stringType) headers.set(name, block.toString('utf8', at, at + size));
    at += size;
  }
  return headers;
}
