import type { ResponseHead, ResponseStream, StreamingHandler } from './response-stream.js';

interface LambdaGlobal {
  streamifyResponse(handler: StreamingHandler): StreamingHandler;
  readonly HttpResponseStream: { from(stream: ResponseStream, head: ResponseHead): ResponseStream };
}

/** The functions of the Lambda runtime for Node.js that streaming needs. */
export interface LambdaRuntime {
  /** Marks a handler as streaming. */
  streamify(handler: StreamingHandler): StreamingHandler;
  /** Sets the head of a stream. Lambda sends it with the first byte, and never without one. */
  withHead(stream: ResponseStream, head: ResponseHead): ResponseStream;
}

const streamingTag = Symbol.for('aws.lambda.runtime.handler.streaming');

/** The runtime of this process. Only this module uses the global `awslambda`. */
export const lambdaRuntime: LambdaRuntime = {
  // Outside Lambda the global is missing. The import of a handler must not fail there, because unit tests import it.
  streamify: (handler) =>
    awslambda()?.streamifyResponse(handler) ?? Object.assign(handler, { [streamingTag]: 'response' }),
  withHead(stream, head) {
    const runtime = awslambda();
    if (runtime) return runtime.HttpResponseStream.from(stream, head);
    throw new Error(
      'A streaming handler runs only in Lambda: the global awslambda is missing. In tests, @bedrock-proxy/testing/lambda provides it.',
    );
  },
};

function awslambda(): LambdaGlobal | undefined {
  const { awslambda } = globalThis as { awslambda?: Partial<LambdaGlobal> };
  return isRuntime(awslambda) ? awslambda : undefined;
}

// The AWS SDK sets a global with the same name, even outside Lambda.
function isRuntime(global: Partial<LambdaGlobal> | undefined): global is LambdaGlobal {
  return global?.streamifyResponse !== undefined && global.HttpResponseStream !== undefined;
}
