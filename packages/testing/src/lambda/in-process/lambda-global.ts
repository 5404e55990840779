import { integrationContentType } from '../read-prelude.js';
import type { LambdaResponseStream } from './response-stream.js';

const streamingTag = Symbol.for('aws.lambda.runtime.handler.streaming');
const highWaterMarkTag = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

/** Any exported handler: what it takes is between it and its events. */
export type LambdaHandler = (...parameters: never[]) => unknown;

/** Whether a handler was passed through `awslambda.streamifyResponse`, or tagged like it. */
export function isStreamingHandler(handler: LambdaHandler): boolean {
  return Reflect.get(handler, streamingTag) === 'response';
}

function streamifyResponse<Handler extends LambdaHandler>(
  handler: Handler,
  options?: { highWaterMark?: number },
): Handler {
  const tags = { [streamingTag]: 'response' };
  const highWaterMark = options?.highWaterMark;
  return Object.assign(
    handler,
    tags,
    highWaterMark === undefined ? {} : { [highWaterMarkTag]: Math.trunc(highWaterMark) },
  );
}

const HttpResponseStream = {
  /** Sends `prelude` ahead of the first write, and only then: an `end()` without a write sends none. */
  from(stream: LambdaResponseStream, prelude: unknown): LambdaResponseStream {
    stream.setContentType(integrationContentType);
    const json = JSON.stringify(prelude);
    stream._onBeforeFirstWrite = (write) => {
      write(json);
      write(new Uint8Array(8));
    };
    return stream;
  },
};

/** The `awslambda` that Lambda's Node runtime sets before it imports a function's module. */
export const lambdaGlobal = { streamifyResponse, HttpResponseStream };
