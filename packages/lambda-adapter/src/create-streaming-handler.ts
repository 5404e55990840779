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

/** A front that streams. */
export interface StreamingFront {
  /** Its name for the log. */
  readonly front: string;
  /** Reads its event. `signal` aborts if the client is known to disconnect. Throws a `ProxyError` for an event of another front. */
  readRequest(event: unknown, context: LambdaContext, signal: AbortSignal): HttpRequest;
}

export interface StreamingHandlerOptions extends HttpOptions {
  /** The runtime of Lambda. Tests can replace it. */
  readonly runtime?: LambdaRuntime;
}

/** Creates a Lambda handler that reads its event with `readRequest` and streams the answer of the proxy. It rejects only outside Lambda. */
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
      client.stop();
      await answer.close(delivery);
    }
  });
}

/** Lambda does not report that a client disconnected. The stream closes only if the connection to Lambda breaks, or in a local server. */
function watchClient(stream: ResponseStream): { readonly signal: AbortSignal; stop(): void } {
  const disconnected = new AbortController();
  const onDisconnect = () => disconnected.abort();
  stream.on('close', onDisconnect);
  // Never removed: an `error` event without a listener would end the process.
  stream.on('error', onDisconnect);
  return { signal: disconnected.signal, stop: () => stream.off('close', onDisconnect) };
}
