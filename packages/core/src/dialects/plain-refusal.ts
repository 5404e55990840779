import type { ErrorCode } from '../errors/error-kinds.js';
import type { ProxyError } from '../errors/proxy-error.js';
import type { PlainAnswer } from './dialect.js';

const statuses: Readonly<Record<ErrorCode, number>> = {
  invalid_json: 400,
  invalid_request: 400,
  invalid_model: 400,
  unsupported_parameter: 400,
  unsupported_content: 400,
  upstream_validation: 400,
  missing_token: 401,
  invalid_token: 401,
  model_not_allowed: 403,
  stream_not_allowed: 403,
  ip_not_allowed: 403,
  model_not_priced: 403,
  not_found: 404,
  method_not_allowed: 405,
  model_not_found: 404,
  body_too_large: 413,
  throttled: 429,
  quota_exceeded: 429,
  rate_limited: 429,
  budget_exceeded: 429,
  internal: 500,
  upstream_error: 502,
  upstream_denied: 502,
  upstream_truncated: 502,
  response_too_large: 502,
  unsupported_stream: 502,
  model_not_ready: 503,
  upstream_unavailable: 503,
  auth_unavailable: 503,
  limits_unavailable: 503,
  upstream_timeout: 504,
  deadline_exceeded: 504,
};

const realm = 'Bearer realm="bedrock-proxy"';

/** The HTTP status of an error, for dialects without a table of their own. */
export function statusOf(code: ErrorCode): number {
  return statuses[code];
}

/** A refusal with the status and headers that the native dialect has, around a body of any dialect. */
export function plainRefusal(error: ProxyError, body: string): PlainAnswer {
  return {
    status: statusOf(error.code),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(error.retryAfterSeconds !== undefined && { 'retry-after': String(Math.ceil(error.retryAfterSeconds)) }),
      // SDKs repeat a 429, for which a budget is not there again.
      ...(error.code === 'budget_exceeded' && { 'x-should-retry': 'false' }),
      ...(error.code === 'missing_token' && { 'www-authenticate': realm }),
      ...(error.code === 'invalid_token' && { 'www-authenticate': `${realm}, error="invalid_token"` }),
      ...(error.code === 'method_not_allowed' && { allow: 'POST, OPTIONS' }),
    },
    body,
  };
}
