import type { ResponseHead, ResponseStream, StreamingHandler } from './response-stream.js';

interface LambdaGlobal {
  streamifyResponse(handler: StreamingHandler): StreamingHandler;
  readonly HttpResponseStream: { from(stream: ResponseStream, head: ResponseHead): ResponseStream };
}

/** What streaming needs of Lambda's Node runtime. */
export interface LambdaRuntime {
  /** Marks a handler as one that streams. */
  streamify(handler: StreamingHandler): StreamingHandler;
  /** Puts a head in front of what is written. It goes out with the first byte, and never without one. */
  withHead(stream: ResponseStream, head: ResponseHead): ResponseStream;
}

const streamingTag = Symbol.for('aws.lambda.runtime.handler.streaming');

/** The runtime that this process runs under: the only place that touches the `awslambda` global. */
export const lambdaRuntime: LambdaRuntime = {
  // Outside Lambda the global is missing, and importing a handler, as a unit test does, must not fail for that.
  streamify: (handler) =>
    awslambda()?.streamifyResponse(handler) ?? Object.assign(handler, { [streamingTag]: 'response' }),
  withHead(stream, head) {
    const runtime = awslambda();
    if (runtime) return runtime.HttpResponseStream.from(stream, head);
    throw new Error(
      'A streaming handler runs under Lambda alone: the global awslambda is missing. In tests, @bedrock-proxy/testing/lambda provides it.',
    );
  },
};

function awslambda(): LambdaGlobal | undefined {
  const { awslambda } = globalThis as { awslambda?: Partial<LambdaGlobal> };
  return isRuntime(awslambda) ? awslambda : undefined;
}

// The AWS SDK keeps a store of its own under the same name, outside of Lambda too.
function isRuntime(global: Partial<LambdaGlobal> | undefined): global is LambdaGlobal {
  return global?.streamifyResponse !== undefined && global.HttpResponseStream !== undefined;
}
