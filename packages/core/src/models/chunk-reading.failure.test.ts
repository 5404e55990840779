import { expect, it } from 'vitest';
import { inBandFailure } from './chunk-reading.js';

it.each([
  ['overloaded_error', 'upstream_unavailable'],
  ['rate_limit_error', 'throttled'],
  ['invalid_request_error', 'upstream_validation'],
  ['not_found_error', 'model_not_found'],
  ['authentication_error', 'upstream_denied'],
  ['permission_error', 'upstream_denied'],
  ['timeout_error', 'upstream_timeout'],
  ['api_error', 'upstream_error'],
  ['constructor', 'upstream_error'],
])('inBandFailure turns %s into %s without the message of the model', (type, code) => {
  const error = inBandFailure({ type, message: 'arn:aws:secret' }, Buffer.from('{}'));
  expect(error.code).toBe(code);
  expect(error.upstream).toEqual({ name: type, chunk: Buffer.from('{}') });
  expect(error.message).not.toContain('arn');
  expect(String(error.cause)).toContain(`${type}: arn:aws:secret`);
});
