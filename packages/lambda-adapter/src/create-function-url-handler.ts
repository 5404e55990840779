import type { ModelProxy } from '@bedrock-proxy/core';
import type { HttpRequest } from '@bedrock-proxy/core/http';
import { createStreamingHandler, type StreamingHandlerOptions } from './create-streaming-handler.js';
import { eventKind, readHeaders, readTraceId, unsupportedEvent } from './event-kind.js';
import type { FunctionUrlEvent } from './function-url-event.js';
import type { LambdaContext, StreamingHandler } from './response-stream.js';

/**
 * Creates the handler of a Lambda function behind a Function URL with `RESPONSE_STREAM`. A stream is answered with Server-Sent Events,
 * any other request with the JSON of the model. In Lambda, the handler never rejects. Leave CORS off on the Function URL, because the
 * handler answers preflights itself.
 */
export function createFunctionUrlHandler(proxy: ModelProxy, options?: StreamingHandlerOptions): StreamingHandler {
  return createStreamingHandler(proxy, { front: 'function-url', readRequest: readFunctionUrlRequest }, options);
}

/** Reads the event of a Function URL. For any other event, throws a `ProxyError` that names the right handler. */
export function readFunctionUrlRequest(event: unknown, context: LambdaContext, signal: AbortSignal): HttpRequest {
  if (!isFunctionUrlEvent(event)) throw unsupportedEvent(eventKind(event), 'Lambda Function URLs');
  const { http } = event.requestContext;
  return {
    front: 'function-url',
    requestId: context.awsRequestId,
    ...readTraceId(context),
    method: http.method,
    path: event.rawPath,
    headers: readHeaders(event.headers),
    ...(http.sourceIp && { sourceIp: http.sourceIp }),
    ...(event.body && { body: event.body }),
    isBase64Encoded: event.isBase64Encoded ?? false,
    signal,
    remainingMs: context.getRemainingTimeInMillis(),
  };
}

function isFunctionUrlEvent(event: unknown): event is FunctionUrlEvent {
  return eventKind(event) === 'function-url';
}
