import { crc32 } from 'node:zlib';
import { type JsonDocument, jsonBytes } from '../answers/json-bytes.js';

const stringType = 7;
const paddingAlphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** One frame of `application/vnd.amazon.eventstream`, with string headers and correct checksums. */
export function encodeEventStreamFrame(headers: Readonly<Record<string, string>>, payload: Uint8Array): Uint8Array {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)));
  const frame = Buffer.alloc(12 + head.length + payload.length + 4);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(head.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  frame.set(head, 12);
  frame.set(payload, 12 + head.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, frame.length - 4)), frame.length - 4);
  return frame;
}

/** A `chunk` frame with one JSON document. Its padding, like Bedrock's, hides the length of the document. */
export function encodeChunkFrame(document: JsonDocument, padding = randomPadding()): Uint8Array {
  const bytes = Buffer.from(jsonBytes(document)).toString('base64');
  return encodeEvent('chunk', { bytes, p: padding });
}

/** A frame with an event of ConverseStream, such as `messageStop`. The payload is the event with padding like Bedrock's. */
export function encodeConverseFrame(eventType: string, payload: object, padding = randomPadding()): Uint8Array {
  return encodeEvent(eventType, { ...payload, p: padding });
}

/** An exception in the middle of a stream. `exceptionType` is in lower camel case, such as `throttlingException`. */
export function encodeExceptionFrame(
  exceptionType: string,
  message: string,
  members: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  return encodeEventStreamFrame(
    { ':exception-type': exceptionType, ':content-type': 'application/json', ':message-type': 'exception' },
    jsonBytes({ message, ...members }),
  );
}

function encodeEvent(eventType: string, payload: object): Uint8Array {
  return encodeEventStreamFrame(
    { ':event-type': eventType, ':content-type': 'application/json', ':message-type': 'event' },
    jsonBytes(payload),
  );
}

function encodeHeader(name: string, value: string): Uint8Array {
  const nameBytes = Buffer.from(name);
  const valueBytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(valueBytes.length);
  return Buffer.concat([Uint8Array.of(nameBytes.length), nameBytes, Uint8Array.of(stringType), length, valueBytes]);
}

function randomPadding(): string {
  return paddingAlphabet.slice(0, 1 + Math.floor(Math.random() * paddingAlphabet.length));
}
