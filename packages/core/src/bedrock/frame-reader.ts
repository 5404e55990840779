import { crc32 } from 'node:zlib';
import { ProxyError, toProxyError } from '../errors/proxy-error.js';
import { type FrameHeaders, readFrameHeaders } from './frame-headers.js';

/** One message of an AWS event stream. Its payload is a view of what was read: take what you keep before the next read. */
export interface Frame {
  readonly headers: FrameHeaders;
  readonly payload: Uint8Array;
}

const preludeBytes = 12;
const checksumBytes = 4;
const shortestFrame = preludeBytes + checksumBytes;
/** Bedrock's own frames stay under this; a larger claim is corruption, and is refused before anything is allocated. */
const longestFrame = 24 * 1024 * 1024;

/** Cuts network reads into frames, wherever they are cut themselves. */
export interface FrameReader {
  /** The frames that `read` completes; `corruption` where a corrupt or absurd one follows them, after which nothing can be read. */
  push(read: Uint8Array): { readonly frames: readonly Frame[]; readonly corruption?: ProxyError };
  /** Throws `upstream_truncated` where the stream ended inside a frame. */
  end(): void;
}

export function createFrameReader(): FrameReader {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  /** Bytes that must be there before anything more can be decided. */
  let needed = preludeBytes;

  function take(bytes: Buffer, frames: Frame[]): Buffer {
    let rest = bytes;
    while (rest.length >= preludeBytes) {
      const length = frameLength(rest);
      needed = length;
      if (rest.length < length) return rest;
      frames.push(readFrame(rest.subarray(0, length)));
      rest = rest.subarray(length);
      needed = preludeBytes;
    }
    return rest;
  }

  return {
    push(read) {
      const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
      pendingBytes += bytes.length;
      if (pendingBytes < needed) {
        pending.push(bytes);
        return { frames: [] };
      }
      const whole = pending.length === 0 ? bytes : Buffer.concat([...pending, bytes], pendingBytes);
      const frames: Frame[] = [];
      try {
        const rest = take(whole, frames);
        pending = rest.length === 0 ? [] : [rest];
        pendingBytes = rest.length;
        return { frames };
      } catch (error) {
        return { frames, corruption: toProxyError(error) };
      }
    },
    end() {
      if (pendingBytes > 0) throw corrupt(`the stream ended ${pendingBytes} bytes into a frame`);
    },
  };
}

function frameLength(bytes: Buffer): number {
  const length = bytes.readUInt32BE(0);
  const headersLength = bytes.readUInt32BE(4);
  if (crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8)) throw corrupt('the checksum of a prelude does not match');
  if (length < shortestFrame || length > longestFrame) throw corrupt(`a frame claims ${length} bytes`);
  if (headersLength > length - shortestFrame)
    throw corrupt(`a frame of ${length} bytes claims ${headersLength} of headers`);
  return length;
}

function readFrame(frame: Buffer): Frame {
  const bodyEnd = frame.length - checksumBytes;
  if (crc32(frame.subarray(0, bodyEnd)) !== frame.readUInt32BE(bodyEnd)) {
    throw corrupt('the checksum of a message does not match');
  }
  const headersEnd = preludeBytes + frame.readUInt32BE(4);
  const headers = readFrameHeaders(frame.subarray(preludeBytes, headersEnd));
  if (headers === undefined) throw corrupt('the headers of a frame cannot be read');
  return { headers, payload: frame.subarray(headersEnd, bodyEnd) };
}

function corrupt(what: string): ProxyError {
  return new ProxyError('upstream_truncated', { cause: new Error(`corrupt event stream: ${what}`) });
}
