import { encodeEventStreamFrame } from './encode-event-stream-frame.js';

/** An exception in mid-stream. `exceptionType` is in lower camel case on this wire: `throttlingException`. */
export function encodeExceptionFrame(
  exceptionType: string,
  message: string,
  members: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  return encodeEventStreamFrame(
    { ':exception-type': exceptionType, ':content-type': 'application/json', ':message-type': 'exception' },
    Buffer.from(JSON.stringify({ message, ...members })),
  );
}
