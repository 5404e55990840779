import { ProxyError } from '@bedrock-proxy/core';
import type { HttpHeaders } from '@bedrock-proxy/core/http';
import type { LambdaContext } from './response-stream.js';

/** The kind of sender of an event. */
export type EventKind =
  | 'function-url'
  | 'http-api'
  | 'rest-api'
  | 'websocket-api'
  | 'load-balancer'
  | 'lattice'
  | 'event-source'
  | 'other';

const senders: Readonly<Record<EventKind, string>> = {
  'function-url': 'a Lambda Function URL',
  'http-api': 'an API Gateway HTTP API',
  'rest-api': 'an API Gateway REST API',
  'websocket-api': 'an API Gateway WebSocket API',
  'load-balancer': 'an Application Load Balancer',
  lattice: 'VPC Lattice',
  'event-source': 'a queue, a stream or another event source',
  other: 'neither a Function URL nor an API Gateway proxy integration',
};

const fixes: Readonly<Record<EventKind, string>> = {
  'function-url': 'Use createFunctionUrlHandler of @bedrock-proxy/lambda-adapter (function-url.zip).',
  'http-api': 'Use createApiGatewayHandler of @bedrock-proxy/apigw-adapter (api-gateway.zip).',
  'rest-api':
    'Use createApiGatewayHandler of @bedrock-proxy/apigw-adapter (api-gateway.zip), or createApiGatewayStreamHandler (api-gateway-stream.zip) if responseTransferMode is STREAM.',
  'websocket-api': 'It is not supported. Put a Function URL or an API Gateway REST or HTTP API in front.',
  'load-balancer': 'It is not supported. Put a Function URL or an API Gateway REST or HTTP API in front.',
  lattice: 'It is not supported. Put a Function URL or an API Gateway REST or HTTP API in front.',
  'event-source': 'Call streamModel or invokeModel of @bedrock-proxy/core in a handler of your own.',
  other:
    'If API Gateway sent it, turn on Lambda proxy integration. For a direct invocation, call invokeModel of @bedrock-proxy/core in a handler of your own.',
};

/**
 * Recognizes the sender of an event by its shape. Function URLs and HTTP APIs both send payload format 2.0. If stage, route and domain do
 * not identify the sender, as in a minimal test event, the result is `payloadV2`. An HTTP API with payload format 1.0 sends the event of
 * a REST API, with a version.
 */
export function eventKind(event: unknown, payloadV2: 'function-url' | 'http-api' = 'function-url'): EventKind {
  if (!isObject(event)) return 'other';
  if (Array.isArray(event['Records']) || typeof event['detail-type'] === 'string') return 'event-source';
  const context = event['requestContext'];
  if (!isObject(context)) return 'other';
  if (isObject(context['elb'])) return 'load-balancer';
  if (typeof context['serviceNetworkArn'] === 'string') return 'lattice';
  if (typeof context['connectionId'] === 'string') return 'websocket-api';
  if (event['version'] === '2.0' && isObject(context['http'])) return senderOfPayloadV2(context) ?? payloadV2;
  if (typeof event['httpMethod'] !== 'string' || typeof event['resource'] !== 'string') return 'other';
  return event['version'] === '1.0' ? 'http-api' : 'rest-api';
}

/** The error for an event that a handler does not support. `served` names the supported senders. */
export function unsupportedEvent(kind: EventKind, served: string): ProxyError {
  return new ProxyError('internal', {
    message: `This handler serves ${served}, but the event came from ${senders[kind]}. ${fixes[kind]}`,
  });
}

// A Function URL has one stage, one route and a fixed host name.
function senderOfPayloadV2({ stage, routeKey, domainName }: Fields): 'function-url' | 'http-api' | undefined {
  if ((stage ?? '$default') !== '$default' || (routeKey ?? '$default') !== '$default') return 'http-api';
  if (typeof domainName !== 'string') return undefined;
  return /\.lambda-url\.|\.on\.aws$/.test(domainName) ? 'function-url' : 'http-api';
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/** The headers of an event. Each name has one value or a list of values. */
export type EventHeaders = Readonly<Record<string, string | readonly string[] | null | undefined>> | null | undefined;

/** Header values by lower-case name. Names that differ only in case are one header. */
export function readHeaders(headers: EventHeaders): HttpHeaders {
  // A map, because a client can send a header named `constructor`.
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(headers ?? {})) {
    const key = name.toLowerCase();
    const sent = typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter(isString) : [];
    if (sent.length > 0) values.set(key, values.get(key)?.concat(sent) ?? sent);
  }
  return Object.fromEntries(values);
}

/** The header of X-Ray for an invocation, as a member of its request. Lambda sets the variable anew for each invocation. */
export function readTraceId({ xRayTraceId }: LambdaContext): { readonly traceId?: string } {
  const traceId = xRayTraceId ?? process.env['_X_AMZN_TRACE_ID'];
  return traceId ? { traceId } : {};
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
