import { crc32 } from 'node:zlib';
import { ProxyError, toProxyError } from '../errors/proxy-error.js';

/** One message of an AWS event stream. Its payload is the bytes from `start` to `end` of what was read: copy what you keep. */
export interface Frame {
  readonly headers: FrameHeaders;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

const preludeBytes = 12;
/** The checksum that ends a frame. */
export const checksumBytes = 4;
const shortestFrame = preludeBytes + checksumBytes;
/** Bedrock's own frames stay under this; a larger claim is corruption, and is refused before anything is allocated. */
const longestFrame = 24 * 1024 * 1024;

/** Cuts network reads into frames, wherever they are cut themselves. */
export interface FrameReader {
  /**
   * Gives `take` each frame that `read` completes; they are no list, since one would keep the memory of every read from being used
   * again. Returns an error where a corrupt or absurd frame follows them, after which nothing can be read.
   */
  push(read: Uint8Array, take: (frame: Frame) => void): ProxyError | undefined;
  /** Throws `upstream_truncated` where the stream ended inside a frame. */
  end(): void;
}

export function createFrameReader(): FrameReader {
  const readHeaders = createHeadersReader();
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  /** Bytes that must be there before anything more can be decided. */
  let needed = preludeBytes;

  /** Takes the frames that `bytes` holds whole; gives the rest. */
  function takeWhole(bytes: Buffer, take: (frame: Frame) => void): Buffer {
    let at = 0;
    while (bytes.length - at >= preludeBytes) {
      const length = frameLength(bytes, at);
      needed = length;
      if (bytes.length - at < length) break;
      take(readFrame(bytes, at, at + length, readHeaders));
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

/** The length of the frame that begins at `start`, once its prelude has been checked. */
function frameLength(bytes: Buffer, start: number): number {
  const length = bytes.readUInt32BE(start);
  const headersLength = bytes.readUInt32BE(start + 4);
  if (checksumOfLengths(bytes, start) !== bytes.readUInt32BE(start + 8))
    throw corrupt('the checksum of a prelude does not match');
  if (length < shortestFrame || length > longestFrame) throw corrupt(`a frame claims ${length} bytes`);
  if (headersLength > length - shortestFrame)
    throw corrupt(`a frame of ${length} bytes claims ${headersLength} of headers`);
  return length;
}

/** `crc32` of the eight bytes at `start`, without a view of them: there would be one for each frame. */
function checksumOfLengths(bytes: Buffer, start: number): number {
  let checksum = -1;
  for (let at = start; at < start + 8; at++) {
    checksum = (checksumSteps[(checksum ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (checksum >>> 8);
  }
  return ~checksum >>> 0;
}

/** What each value of a byte does to a CRC-32 (ISO-HDLC, as in gzip). */
const checksumSteps = Int32Array.from({ length: 256 }, (_, byte) => {
  let step = byte;
  for (let bit = 0; bit < 8; bit++) step = (step >>> 1) ^ (step & 1 ? 0xedb88320 : 0);
  return step;
});

function readFrame(bytes: Buffer, start: number, end: number, readHeaders: HeadersReader): Frame {
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

type HeadersReader = (bytes: Buffer, start: number, end: number) => FrameHeaders | undefined;

/** Reads header blocks, the same one only once: nearly every frame of a stream has the headers of the frame before it. */
function createHeadersReader(): HeadersReader {
  let lastBlock = Buffer.alloc(0);
  let lastHeaders: FrameHeaders | undefined;
  return (bytes, start, end) => {
    const isLast = end - start === lastBlock.length && bytes.compare(lastBlock, 0, lastBlock.length, start, end) === 0;
    if (!isLast || lastHeaders === undefined) {
      // A copy: what was read is not ours to keep.
      lastBlock = Buffer.from(bytes.subarray(start, end));
      lastHeaders = readFrameHeaders(lastBlock);
    }
    return lastHeaders;
  };
}

function corrupt(what: string): ProxyError {
  return new ProxyError('upstream_truncated', { cause: new Error(`corrupt event stream: ${what}`) });
}

/** The string headers of a frame; headers of other types mean nothing to Bedrock's streams and are passed over. */
export type FrameHeaders = ReadonlyMap<string, string>;

const stringType = 7;
/** Bytes of value by type, from the event-stream specification; bytes and string carry their own length. */
const fixedSizes: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };

/** Reads a frame's headers; undefined where they are malformed. */
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
