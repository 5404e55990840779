import { LambdaFunctionError } from './lambda-function-error.js';

/** The maximum size of an event of a synchronous invocation, in bytes of JSON. */
export const maxEventBytes = 6 * 1024 * 1024;

/** The maximum size of a buffered result, in bytes of JSON. Source: the error message of Lambda. */
const maxResultBytes = maxEventBytes + 100;

/** Returns the event as JSON. Throws the error of Lambda if it is too large. */
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

/** Parses a buffered result. Throws the error of Lambda if it is too large. */
export function parseBufferedResult(json: string): unknown {
  if (Buffer.byteLength(json) > maxResultBytes) {
    throw new LambdaFunctionError(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${maxResultBytes} bytes).`,
    );
  }
  return JSON.parse(json) as unknown;
}
