import type { ModelProxy } from '@bedrock-proxy/core';
import {
  type Delivery,
  type HttpOptions,
  type HttpRequest,
  serve,
  type UnreadableRequest,
} from '@bedrock-proxy/core/http';
import { type LambdaRuntime, lambdaRuntime } from './lambda-runtime.js';
import type { LambdaContext, ResponseStream, StreamingHandler } from './response-stream.js';
import { writeStreamedAnswer } from './write-streamed-answer.js';

/** What is particular to one front. */
export interface StreamingFront {
  /** Its name in the log. */
  readonly front: string;
  /** Reads its event; `signal` aborts when the client is seen to leave. Throws a `ProxyError` for an event of another front. */
  readRequest(event: unknown, context: LambdaContext, signal: AbortSignal): HttpRequest;
}

export interface StreamingHandlerOptions extends HttpOptions {
  /** Lambda's runtime; another one in tests. */
  readonly runtime?: LambdaRuntime;
}

/** A Lambda handler that reads its event as `front` does and streams the proxy's answer. It rejects outside of Lambda alone. */
export function createStreamingHandler(
  proxy: ModelProxy,
  { front, readRequest }: StreamingFront,
  { runtime = lambdaRuntime, ...options }: StreamingHandlerOptions = {},
): StreamingHandler {
  function read(event: unknown, context: LambdaContext, signal: AbortSignal): HttpRequest | UnreadableRequest {
    try {
      return readRequest(event, context, signal);
    } catch (error) {
      return { front, requestId: context.awsRequestId, signal, error };
    }
  }

  return runtime.streamify(async (event, stream, context) => {
    const client = watchClient(stream);
    const answer = await serve(proxy, read(event, context, client.signal), options);
    let delivery: Delivery = { bytesOut: 0 };
    try {
      delivery = await writeStreamedAnswer(answer, stream, { runtime, client: client.signal });
    } finally {
      client.forget();
      await answer.close(delivery);
    }
  });
}

/** Lambda itself never tells that a client left; a broken connection to it, and a local server, do. */
function watchClient(stream: ResponseStream): { readonly signal: AbortSignal; forget(): void } {
  const gone = new AbortController();
  const leave = () => gone.abort();
  stream.on('close', leave);
  // Heard also after the end: an error that nobody hears ends the process.
  stream.on('error', leave);
  return { signal: gone.signal, forget: () => stream.off('close', leave) };
}
