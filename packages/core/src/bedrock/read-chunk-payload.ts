import type { Frame } from './frame-reader.js';

const opening = Buffer.from('{"bytes":"');
const padding = Buffer.from('","p":"');
const closing = Buffer.from('"}');
const quote = 0x22;

type Payload = Omit<Frame, 'headers'>;

/**
 * The model's own document in the payload of a `chunk` event: base64 in `bytes`, beside padding in `p` that hides token lengths.
 * Undefined where it holds none. The form that Bedrock sends is cut; any other is parsed.
 */
export function readChunkPayload(payload: Payload): Uint8Array | undefined {
  const encoded = cutBytes(payload) ?? parseBytes(payload);
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
}

/** Undefined where the payload is not exactly `{"bytes":"…"}` or `{"bytes":"…","p":"…"}`, free of escapes. */
function cutBytes({ bytes, start, end }: Payload): string | undefined {
  if (!holdsAt(bytes, start, opening)) return undefined;
  const encodedStart = start + opening.length;
  const encodedEnd = bytes.indexOf(quote, encodedStart);
  if (encodedEnd < 0) return undefined;
  const isPadded = holdsAt(bytes, encodedEnd, padding);
  const last = isPadded ? bytes.indexOf(quote, encodedEnd + padding.length) : encodedEnd;
  // What was found beyond the end is of another frame.
  if (last + closing.length !== end || !holdsAt(bytes, last, closing)) return undefined;
  const encoded = bytes.toString('latin1', encodedStart, encodedEnd);
  return encoded.includes('\\') ? undefined : encoded;
}

function holdsAt(bytes: Buffer, start: number, part: Buffer): boolean {
  for (let index = 0; index < part.length; index++) if (bytes[start + index] !== part[index]) return false;
  return true;
}

function parseBytes({ bytes, start, end }: Payload): string | undefined {
  try {
    const event: unknown = JSON.parse(bytes.toString('utf8', start, end));
    const encoded = typeof event === 'object' && event !== null && 'bytes' in event ? event.bytes : undefined;
    return typeof encoded === 'string' ? encoded : undefined;
  } catch {
    return undefined;
  }
}
