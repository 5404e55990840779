import type { HttpRequest } from '@bedrock-proxy/core/http';
import { eventKind, readHeaders } from '@bedrock-proxy/lambda-adapter';
import type { HttpApiEvent } from './http-api-event.js';
import type { Invocation } from './read-rest-api-request.js';

/** Reads the event of an HTTP API. */
export function readHttpApiRequest(event: HttpApiEvent, invocation: Invocation): HttpRequest {
  const { http } = event.requestContext;
  return {
    front: 'http-api',
    requestId: invocation.context.awsRequestId,
    method: http.method,
    path: withoutStage(event),
    headers: readHeaders(event.headers),
    ...(http.sourceIp && { sourceIp: http.sourceIp }),
    ...(event.body && { body: event.body }),
    isBase64Encoded: event.isBase64Encoded ?? false,
    signal: invocation.signal,
    remainingMs: invocation.remainingMs,
  };
}

/** Whether an HTTP API can have sent an event. Some events of a Function URL look the same. */
export function isHttpApiEvent(event: unknown): event is HttpApiEvent {
  return eventKind(event, 'http-api') === 'http-api';
}

/** `rawPath` begins with the stage, unless it is `$default`. */
function withoutStage({ rawPath, requestContext: { stage } }: HttpApiEvent): string {
  if (!stage || stage === '$default') return rawPath;
  if (rawPath === `/${stage}`) return '/';
  return rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;
}
