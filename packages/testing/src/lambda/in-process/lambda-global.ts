import { integrationContentType } from '../read-prelude.js';
import type { LambdaResponseStream } from './create-response-stream.js';

const streamingTag = Symbol.for('aws.lambda.runtime.handler.streaming');
const highWaterMarkTag = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

/** Any handler. The types of its parameters depend on its events. */
export type LambdaHandler = (...parameters: never[]) => unknown;

/** Whether a handler has the tag that `awslambda.streamifyResponse` sets. */
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
  /** Sends `prelude` before the first write. An `end()` without a write sends no prelude. */
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

/** The global `awslambda` that Lambda's Node runtime sets before it imports a function. */
export const lambdaGlobal = { streamifyResponse, HttpResponseStream };
