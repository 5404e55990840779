import type { ModelProxy } from '@bedrock-proxy/core';
import {
  type BufferedFront,
  type HttpOptions,
  type HttpRequest,
  serve,
  type UnreadableRequest,
} from '@bedrock-proxy/core/http';
import { clientSignal, eventKind, type LambdaContext, unsupportedEvent } from '@bedrock-proxy/lambda-adapter';
import { isHttpApiEvent, readHttpApiRequest } from './read-http-api-request.js';
import { type Invocation, isRestApiEvent, readRestApiRequest } from './read-rest-api-request.js';
import { type ProxyResult, serializedSize, writeProxyResult } from './write-proxy-result.js';

export interface ApiGatewayHandlerOptions extends HttpOptions {
  /** Milliseconds after which the gateway gives up on this function. 29,000 by default. */
  readonly gatewayTimeoutMs?: number;
}

/** A handler as Lambda calls it where the answer is sent in one piece. */
export type BufferedHandler = (event: unknown, context: LambdaContext) => Promise<ProxyResult>;

/** What Lambda takes for a serialized result. */
const maxResultBytes = 6_000_000;
/** Room for what stands around an array: status and headers. */
const headBytes = 2_048;

/**
 * The handler of a Lambda behind a REST API or an HTTP API with Lambda proxy integration: a JSON array of chunks for a stream, the
 * model's own JSON otherwise. It never rejects.
 */
export function createApiGatewayHandler(
  proxy: ModelProxy,
  { gatewayTimeoutMs = 29_000, ...options }: ApiGatewayHandlerOptions = {},
): BufferedHandler {
  return async (event, context) => {
    const remainingMs = Math.min(gatewayTimeoutMs, context.getRemainingTimeInMillis());
    const signal = context[clientSignal] ?? new AbortController().signal;
    const answer = await serve(proxy, read(event, { context, signal, remainingMs }), { ...options, buffered });
    const result = writeProxyResult(answer);
    await answer.close({ bytesOut: Buffer.byteLength(answer.body), clientWaits: true });
    return result;
  };
}

const buffered: BufferedFront = {
  fits: (answer) => Buffer.byteLength(JSON.stringify(writeProxyResult(answer))) <= maxResultBytes,
  maxBodyBytes: maxResultBytes - headBytes,
  size: serializedSize,
};

function read(event: unknown, invocation: Invocation): HttpRequest | UnreadableRequest {
  try {
    return readRequest(event, invocation);
  } catch (error) {
    const { context, signal } = invocation;
    return { front: 'api-gateway', requestId: context.awsRequestId, signal, error };
  }
}

function readRequest(event: unknown, invocation: Invocation): HttpRequest {
  if (isRestApiEvent(event)) return readRestApiRequest(event, 'rest-api', invocation);
  if (isHttpApiEvent(event)) return readHttpApiRequest(event, invocation);
  throw unsupportedEvent(eventKind(event), 'API Gateway REST and HTTP APIs');
}
