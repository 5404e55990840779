import type { ModelProxy } from '@bedrock-proxy/core';
import {
  type Delivery,
  type HttpAnswer,
  type HttpOptions,
  type HttpRequest,
  isWhole,
  serve,
  type UnreadableRequest,
  writePieces,
} from '@bedrock-proxy/core/http';
import { readTraceId } from './event-kind.js';
import { type LambdaRuntime, lambdaRuntime } from './lambda-runtime.js';
import type { LambdaContext, ResponseStream, StreamingHandler } from './response-stream.js';

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
      return { front, requestId: context.awsRequestId, ...readTraceId(context), signal, error };
    }
  }

  return runtime.streamify(async (event, stream, context) => {
    assertStreams(stream, context);
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

/** Without this check, the error would be that of the first call of a missing method, which does not state the cause. */
function assertStreams(stream: Partial<ResponseStream> | undefined, context: Partial<LambdaContext> | undefined): void {
  const isCalledAsStreaming = [stream?.on, stream?.write, context?.getRemainingTimeInMillis].every(isFunction);
  if (isCalledAsStreaming) return;
  throw new TypeError(
    'This handler streams, but it was called without a response stream and a context: a layer or a wrapper around it lost its streaming mark. Remove the wrapper, or mark its result with awslambda.streamifyResponse.',
  );
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
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

/** Writes an answer with its head and ends the stream. Rejects only outside Lambda. */
export async function writeStreamedAnswer(
  { status, headers, body, signal }: HttpAnswer,
  stream: ResponseStream,
  { runtime, client }: { readonly runtime: LambdaRuntime; readonly client: AbortSignal },
): Promise<Delivery> {
  const out = runtime.withHead(stream, { statusCode: status, headers });
  // The first write sends the head, and some clients hang on an empty body. So a byte is always written, even for a 204.
  const written = isWhole(body) && body.length === 0 ? '\n' : body;
  const delivery = await writePieces({ body: written, signal }, out, client);
  endQuietly(out);
  return delivery;
}

function endQuietly(out: ResponseStream): void {
  try {
    out.end();
  } catch {
    // A handler must not throw: Lambda would send the error to the client with its stack.
  }
}
