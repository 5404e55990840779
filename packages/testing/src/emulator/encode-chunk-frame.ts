import { type JsonDocument, jsonBytes } from '../answers/json-bytes.js';
import { encodeEventStreamFrame } from './encode-event-stream-frame.js';

const paddingAlphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** A `chunk` frame that carries one JSON document, padded as Bedrock pads so that lengths tell nothing. */
export function encodeChunkFrame(document: JsonDocument, padding = randomPadding()): Uint8Array {
  const bytes = Buffer.from(jsonBytes(document)).toString('base64');
  return encodeEventStreamFrame(
    { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' },
    Buffer.from(JSON.stringify({ bytes, p: padding })),
  );
}

function randomPadding(): string {
  return paddingAlphabet.slice(0, 1 + Math.floor(Math.random() * paddingAlphabet.length));
}
