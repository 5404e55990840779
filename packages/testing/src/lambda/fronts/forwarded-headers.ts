import { randomBytes } from 'node:crypto';
import { type FrontRequest, lastHeader } from './front-request.js';

/**
 * Headers that a gateway removes: connection headers, and those that the API Gateway documentation lists as dropped.
 */
const droppedHeaders = new Set([
  'connection',
  'content-md5',
  'expect',
  'keep-alive',
  'max-forwards',
  'proxy-authenticate',
  'proxy-connection',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
]);

/**
 * The headers that the function gets, in order. The gateway removes some headers and sets `Host` and the `X-` headers.
 * `X-Forwarded-For` is the client's own value followed by its real address.
 */
export function forwardedHeaders(
  request: FrontRequest,
  domainName: string,
): (readonly [name: string, value: string])[] {
  const replaced = new Set(['host', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);
  const passed = request.headers.filter(([name]) => {
    const key = name.toLowerCase();
    return !droppedHeaders.has(key) && !replaced.has(key);
  });
  const claimed = lastHeader(request, 'x-forwarded-for');
  return [
    ...passed,
    ['Host', domainName],
    ['X-Forwarded-For', claimed === undefined ? request.sourceIp : `${claimed}, ${request.sourceIp}`],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
    ...(lastHeader(request, 'x-amzn-trace-id') === undefined
      ? [['X-Amzn-Trace-Id', traceId(request.receivedAt)] as const]
      : []),
  ];
}

function traceId(receivedAt: Date): string {
  return `Root=1-${Math.trunc(receivedAt.getTime() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
}
