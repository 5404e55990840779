import { expect, it } from 'vitest';
import { type ErrorCode, errorKinds } from '../errors/error-kinds.js';
import { statusOf } from './plain-refusal.js';

it('gives every code the status that the contract names', () => {
  const codes = Object.keys(errorKinds) as ErrorCode[];
  expect(Object.groupBy(codes, statusOf)).toEqual({
    400: [
      ...['invalid_json', 'invalid_request', 'invalid_model'],
      ...['unsupported_parameter', 'unsupported_content', 'upstream_validation'],
    ],
    401: ['missing_token', 'invalid_token'],
    403: ['model_not_allowed', 'stream_not_allowed', 'ip_not_allowed', 'model_not_priced'],
    404: ['not_found', 'model_not_found'],
    405: ['method_not_allowed'],
    413: ['body_too_large'],
    429: ['throttled', 'quota_exceeded', 'rate_limited', 'budget_exceeded'],
    500: ['internal'],
    502: ['upstream_error', 'upstream_denied', 'upstream_truncated', 'response_too_large', 'unsupported_stream'],
    503: ['model_not_ready', 'upstream_unavailable', 'auth_unavailable', 'limits_unavailable'],
    504: ['upstream_timeout', 'deadline_exceeded'],
  });
});
