import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HttpOptions, ModelProxy } from '@bedrock-proxy/core/http';
import { createRequestListener, forwardedAddress, type ProxyListener } from '@bedrock-proxy/core/node-http';

export interface WebFunctionOptions extends HttpOptions {
  /** Whether AWS runs the process. It then names each request. */
  readonly isWebFunction: boolean;
  /** How many proxies in front of this server add the address of their client to `X-Forwarded-For`. */
  readonly trustedProxies: number;
  /** Milliseconds after which AWS, or another proxy in front, cuts a request off. */
  readonly requestTimeoutMs?: number;
}

/** The proxy as an HTTP server: a Web Function of AWS Lambda, or the same code in a container. */
export function createWebFunctionListener(
  proxy: ModelProxy,
  { isWebFunction, trustedProxies, requestTimeoutMs, ...options }: WebFunctionOptions,
): ProxyListener {
  return createRequestListener(proxy, {
    ...options,
    front: 'web-function',
    ...(isWebFunction && { requestId: lambdaRequestId }),
    ...(trustedProxies > 0 && { sourceIp: forwardedAddress(trustedProxies) }),
    ...(requestTimeoutMs !== undefined && { remainingMs: () => requestTimeoutMs }),
  });
}

function lambdaRequestId({ headers: { 'lambda-web-request-id': id } }: IncomingMessage): string {
  return typeof id === 'string' && /^[\w-]{1,128}$/.test(id) ? id : randomUUID();
}
