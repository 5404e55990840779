import type { ModelProxy } from '@bedrock-proxy/core';
import {
  type BufferedAnswer,
  type HttpOptions,
  type HttpRequest,
  respondBuffered,
  respondRefusal,
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
  function respond(event: unknown, invocation: Invocation): Promise<BufferedAnswer> | BufferedAnswer {
    let request: HttpRequest;
    try {
      request = readRequest(event, invocation);
    } catch (error) {
      const { context, signal } = invocation;
      return respondRefusal(proxy, { front: 'api-gateway', requestId: context.awsRequestId, signal }, error, options);
    }
    return respondBuffered(proxy, request, {
      ...options,
      fits: (answer) => Buffer.byteLength(JSON.stringify(writeProxyResult(answer))) <= maxResultBytes,
      maxArrayBytes: maxResultBytes - headBytes,
      size: serializedSize,
    });
  }

  return async (event, context) => {
    const remainingMs = Math.min(gatewayTimeoutMs, context.getRemainingTimeInMillis());
    const answer = await respond(event, {
      context,
      signal: context[clientSignal] ?? new AbortController().signal,
      remainingMs,
    });
    const result = writeProxyResult(answer);
    await answer.close({ bytesOut: Buffer.byteLength(answer.body), clientWaits: true });
    return result;
  };
}

function readRequest(event: unknown, invocation: Invocation): HttpRequest {
  if (isRestApiEvent(event)) return readRestApiRequest(event, 'rest-api', invocation);
  if (isHttpApiEvent(event)) return readHttpApiRequest(event, invocation);
  throw unsupportedEvent(eventKind(event), 'API Gateway REST and HTTP APIs');
}
