import type { ProxyError } from '../errors/proxy-error.js';

const realm = 'Bearer realm="bedrock-proxy"';

/** The headers of an error that is answered as a plain object. */
export function errorHeaders(error: ProxyError): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...retryAfter(error),
    ...(error.code === 'missing_token' && { 'www-authenticate': realm }),
    ...(error.code === 'invalid_token' && { 'www-authenticate': `${realm}, error="invalid_token"` }),
    ...(error.code === 'method_not_allowed' && { allow: 'POST, OPTIONS' }),
  };
}

/** `Retry-After` in whole seconds, where the error names them. */
export function retryAfter({ retryAfterSeconds }: ProxyError): Record<string, string> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) };
}
