import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorKinds } from '../../errors/error-kinds.js';
import { ProxyError } from '../../errors/proxy-error.js';
import { nativeError } from './native-error.js';

const retryable: readonly ErrorCode[] = [
  ...(['throttled', 'upstream_error', 'upstream_truncated', 'model_not_ready', 'upstream_unavailable'] as const),
  ...(['auth_unavailable', 'rate_limited', 'limits_unavailable', 'upstream_timeout', 'deadline_exceeded'] as const),
];

describe('the object of an error', () => {
  it.each(Object.keys(errorKinds) as ErrorCode[])(
    'says what happened and under which id, and whether to try again: %s',
    (code) => {
      const { message } = errorKinds[code];
      expect(JSON.parse(nativeError(new ProxyError(code, { cause: new Error('secret') }), 'r-1'))).toEqual({
        error: { code, message, requestId: 'r-1', ...(retryable.includes(code) && { retryable: true }) },
      });
    },
  );

  it('names the issues of a request', () => {
    const issues = [{ path: 'modelId', message: 'Send it.' }];
    expect(JSON.parse(nativeError(new ProxyError('invalid_request', { issues }), 'r-1'))).toHaveProperty(
      'error.issues',
      issues,
    );
  });

  it('is one line for every reader, whatever the model host said', () => {
    const message = 'a\nb\r\u0085c\u2028d\u2029e\u0000';
    const body = nativeError(new ProxyError('upstream_validation', { message }), 'r-1');
    expect(body).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
    expect(JSON.parse(body)).toHaveProperty('error.message', message);
  });
});
