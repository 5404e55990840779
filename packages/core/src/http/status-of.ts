import type { ErrorCode } from '../errors/error-codes.js';

const statuses: Readonly<Record<ErrorCode, number>> = {
  invalid_json: 400,
  invalid_request: 400,
  invalid_model: 400,
  upstream_validation: 400,
  missing_token: 401,
  invalid_token: 401,
  model_not_allowed: 403,
  stream_not_allowed: 403,
  ip_not_allowed: 403,
  not_found: 404,
  method_not_allowed: 405,
  model_not_found: 404,
  body_too_large: 413,
  throttled: 429,
  quota_exceeded: 429,
  internal: 500,
  upstream_error: 502,
  upstream_denied: 502,
  upstream_truncated: 502,
  response_too_large: 502,
  unsupported_stream: 502,
  model_not_ready: 503,
  upstream_unavailable: 503,
  auth_unavailable: 503,
  upstream_timeout: 504,
  deadline_exceeded: 504,
};

/** The HTTP status of an error. */
export function statusOf(code: ErrorCode): number {
  return statuses[code];
}
