import type { ErrorCode } from '../errors/error-kinds.js';
import { ProxyError } from '../errors/proxy-error.js';
import type { InBandFailure } from './chunk-reading.js';

const codes: Readonly<Record<string, ErrorCode>> = {
  overloaded_error: 'upstream_unavailable',
  rate_limit_error: 'throttled',
  invalid_request_error: 'upstream_validation',
  not_found_error: 'model_not_found',
  authentication_error: 'upstream_denied',
  permission_error: 'upstream_denied',
  timeout_error: 'upstream_timeout',
};

/** The error for a failure that a model reported in `chunk`, an ordinary chunk. Only the cause holds the message of the model. */
export function inBandFailure(failure: InBandFailure, chunk: Uint8Array): ProxyError {
  const code = Object.hasOwn(codes, failure.type) ? codes[failure.type] : undefined;
  return new ProxyError(code ?? 'upstream_error', {
    cause: new Error(`${failure.type}: ${failure.message}`),
    upstream: { name: failure.type, chunk },
  });
}
