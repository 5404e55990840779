const opening = Buffer.from('{"bytes":"');
const padding = Buffer.from('","p":"');
const closing = Buffer.from('"}');
const quote = 0x22;

/**
 * The model's own document in the payload of a `chunk` event: base64 in `bytes`, beside padding in `p` that hides token lengths.
 * Undefined where it holds none. The form that Bedrock sends is cut; any other is parsed.
 */
export function readChunkPayload(payload: Buffer): Uint8Array | undefined {
  const encoded = cutBytes(payload) ?? parseBytes(payload);
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
}

/** Undefined where the payload is not exactly `{"bytes":"…"}` or `{"bytes":"…","p":"…"}`, free of escapes. */
function cutBytes(payload: Buffer): string | undefined {
  if (!holdsAt(payload, 0, opening)) return undefined;
  const end = payload.indexOf(quote, opening.length);
  if (end < 0) return undefined;
  const last = holdsAt(payload, end, padding) ? payload.indexOf(quote, end + padding.length) : end;
  if (last + closing.length !== payload.length || !holdsAt(payload, last, closing)) return undefined;
  const encoded = payload.toString('latin1', opening.length, end);
  return encoded.includes('\\') ? undefined : encoded;
}

function holdsAt(payload: Buffer, start: number, part: Buffer): boolean {
  for (let index = 0; index < part.length; index++) if (payload[start + index] !== part[index]) return false;
  return true;
}

function parseBytes(payload: Buffer): string | undefined {
  try {
    const event: unknown = JSON.parse(payload.toString('utf8'));
    const encoded = typeof event === 'object' && event !== null && 'bytes' in event ? event.bytes : undefined;
    return typeof encoded === 'string' ? encoded : undefined;
  } catch {
    return undefined;
  }
}
