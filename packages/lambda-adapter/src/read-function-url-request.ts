import type { HttpRequest } from '@bedrock-proxy/core/http';
import { eventKind, unsupportedEvent } from './event-kind.js';
import type { FunctionUrlEvent } from './function-url-event.js';
import { readHeaders } from './read-headers.js';
import type { LambdaContext } from './response-stream.js';

/** Reads the event of a Function URL. For any other event, throws a `ProxyError` that names the right handler. */
export function readFunctionUrlRequest(event: unknown, context: LambdaContext, signal: AbortSignal): HttpRequest {
  if (!isFunctionUrlEvent(event)) throw unsupportedEvent(eventKind(event), 'Lambda Function URLs');
  const { http } = event.requestContext;
  return {
    front: 'function-url',
    requestId: context.awsRequestId,
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
