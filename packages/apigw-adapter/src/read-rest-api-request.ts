import type { HttpRequest } from '@bedrock-proxy/core/http';
import { eventKind, type LambdaContext, readHeaders, readTraceId } from '@bedrock-proxy/lambda-adapter';
import type { RestApiEvent } from './rest-api-event.js';

/** The facts about an invocation that are not in its event. */
export interface Invocation {
  readonly context: LambdaContext;
  readonly signal: AbortSignal;
  readonly remainingMs: number;
}

/** Reads the event of a REST API, or of an HTTP API with payload format 1.0. */
export function readRestApiRequest(event: RestApiEvent, front: string, invocation: Invocation): HttpRequest {
  const sourceIp = event.requestContext.identity?.sourceIp;
  return {
    front,
    requestId: invocation.context.awsRequestId,
    ...readTraceId(invocation.context),
    method: event.httpMethod,
    path: resourcePath(event),
    // `headers` has only one value for each name, but a test event may have only `headers`.
    headers: { ...readHeaders(event.headers), ...readHeaders(event.multiValueHeaders) },
    ...(sourceIp && { sourceIp }),
    ...(event.body && { body: event.body }),
    isBase64Encoded: event.isBase64Encoded ?? false,
    signal: invocation.signal,
    remainingMs: invocation.remainingMs,
  };
}

/** Whether a REST API sent an event. */
export function isRestApiEvent(event: unknown): event is RestApiEvent {
  return eventKind(event) === 'rest-api';
}

/** Whether an HTTP API with payload format 1.0 sent an event. */
export function isHttpApiEventV1(event: unknown): event is RestApiEvent {
  return eventKind(event) === 'http-api' && (event as { readonly version: unknown }).version === '1.0';
}

/** `path` may begin with the base path of a custom domain. The resource, with its parameters filled in, never does. */
function resourcePath({ resource, path, pathParameters, requestContext: { stage } }: RestApiEvent): string {
  // The route `$default` of an HTTP API has no path.
  if (!resource.startsWith('/') || resource === '/$default') return withoutStage(path, stage);
  return resource.replace(/\{([^}+]+)\+?\}/g, (placeholder, name: string) => pathParameters?.[name] ?? placeholder);
}

/** The path in an event of an HTTP API begins with the stage, unless it is `$default`. */
export function withoutStage(path: string, stage: string | null | undefined): string {
  if (!stage || stage === '$default') return path;
  if (path === `/${stage}`) return '/';
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path;
}
