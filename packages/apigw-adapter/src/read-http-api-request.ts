import type { HttpRequest } from '@bedrock-proxy/core/http';
import { eventKind, readHeaders, readTraceId } from '@bedrock-proxy/lambda-adapter';
import type { HttpApiEvent } from './http-api-event.js';
import { type Invocation, withoutStage } from './read-rest-api-request.js';

/** Reads the event of an HTTP API with payload format 2.0. */
export function readHttpApiRequest(event: HttpApiEvent, invocation: Invocation): HttpRequest {
  const { http, stage } = event.requestContext;
  return {
    front: 'http-api',
    requestId: invocation.context.awsRequestId,
    ...readTraceId(invocation.context),
    method: http.method,
    path: withoutStage(event.rawPath, stage),
    headers: readHeaders(event.headers),
    ...(http.sourceIp && { sourceIp: http.sourceIp }),
    ...(event.body && { body: event.body }),
    isBase64Encoded: event.isBase64Encoded ?? false,
    signal: invocation.signal,
    remainingMs: invocation.remainingMs,
  };
}

/** Whether an HTTP API can have sent an event, in payload format 2.0. Some events of a Function URL look the same. */
export function isHttpApiEvent(event: unknown): event is HttpApiEvent {
  return eventKind(event, 'http-api') === 'http-api' && (event as { readonly version: unknown }).version === '2.0';
}
