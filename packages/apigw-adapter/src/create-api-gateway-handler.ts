import type { ModelProxy } from '@bedrock-proxy/core';
import {
  type BufferedFront,
  type HttpOptions,
  type HttpRequest,
  serve,
  type UnreadableRequest,
} from '@bedrock-proxy/core/http';
import {
  clientSignal,
  eventKind,
  type LambdaContext,
  readTraceId,
  unsupportedEvent,
} from '@bedrock-proxy/lambda-adapter';
import { isHttpApiEvent, readHttpApiRequest } from './read-http-api-request.js';
import { type Invocation, isHttpApiEventV1, isRestApiEvent, readRestApiRequest } from './read-rest-api-request.js';
import { type ProxyResult, serializedSize, writeProxyResult } from './write-proxy-result.js';

export interface ApiGatewayHandlerOptions extends HttpOptions {
  /** The timeout of the gateway for this function, in milliseconds. Default: 29,000. */
  readonly gatewayTimeoutMs?: number;
}

/** A handler as Lambda calls it for an answer in one piece. */
export type BufferedHandler = (event: unknown, context: LambdaContext) => Promise<ProxyResult>;

/** The limit of Lambda for a serialized result. */
const maxResultBytes = 6_000_000;
/** Room for status and headers. */
const headBytes = 2_048;

/**
 * Creates the handler of a Lambda function behind a REST API or an HTTP API with Lambda proxy integration. A stream is answered with a
 * JSON array of chunks, any other request with the JSON of the model. In Lambda, the handler never rejects.
 */
export function createApiGatewayHandler(
  proxy: ModelProxy,
  { gatewayTimeoutMs = 29_000, ...options }: ApiGatewayHandlerOptions = {},
): BufferedHandler {
  return async (event, context) => {
    assertContext(context);
    const remainingMs = Math.min(gatewayTimeoutMs, context.getRemainingTimeInMillis());
    const signal = context[clientSignal] ?? new AbortController().signal;
    const answer = await serve(proxy, read(event, { context, signal, remainingMs }), { ...options, buffered });
    const result = writeProxyResult(answer);
    await answer.close({ bytesOut: Buffer.byteLength(answer.body), clientWaits: true });
    return result;
  };
}

/** A wrapper that marks this handler as streaming makes Lambda pass a response stream in place of the context. */
function assertContext(context: Partial<LambdaContext> | undefined): void {
  if (typeof context?.getRemainingTimeInMillis === 'function') return;
  throw new TypeError(
    'This handler does not stream, but it was called without a context in second place: a layer or a wrapper around it marked it as streaming or dropped the context. Remove the wrapper, or use createApiGatewayStreamHandler.',
  );
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
    return { front: 'api-gateway', requestId: context.awsRequestId, ...readTraceId(context), signal, error };
  }
}

function readRequest(event: unknown, invocation: Invocation): HttpRequest {
  if (isRestApiEvent(event)) return readRestApiRequest(event, 'rest-api', invocation);
  if (isHttpApiEventV1(event)) return readRestApiRequest(event, 'http-api', invocation);
  if (isHttpApiEvent(event)) return readHttpApiRequest(event, invocation);
  throw unsupportedEvent(eventKind(event), 'API Gateway REST and HTTP APIs');
}
