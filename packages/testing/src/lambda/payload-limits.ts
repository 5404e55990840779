import { LambdaFunctionError } from './lambda-function-error.js';

/** The largest event of a synchronous invocation, in bytes of JSON. */
export const maxEventBytes = 6 * 1024 * 1024;

/** The largest buffered result, in bytes of JSON: the event's limit and a hundred bytes, as Lambda's own message says. */
const maxResultBytes = maxEventBytes + 100;

/** The event as JSON, or throws what Lambda answers for one that is too large. */
export function serializeEvent(event: unknown): string {
  const json = JSON.stringify(event ?? null);
  if (Buffer.byteLength(json) > maxEventBytes) {
    throw new LambdaFunctionError(
      'RequestTooLargeException',
      `Request must be smaller than ${maxEventBytes} bytes for the InvokeFunction operation`,
    );
  }
  return json;
}

/** Parses a buffered result, or throws what Lambda answers for one that is too large. */
export function parseBufferedResult(json: string): unknown {
  if (Buffer.byteLength(json) > maxResultBytes) {
    throw new LambdaFunctionError(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${maxResultBytes} bytes).`,
    );
  }
  return JSON.parse(json) as unknown;
}
