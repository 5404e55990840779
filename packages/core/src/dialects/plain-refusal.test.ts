import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorKinds } from '../errors/error-kinds.js';
import { ProxyError } from '../errors/proxy-error.js';
import { plainRefusal } from './plain-refusal.js';

const codes = Object.keys(errorKinds) as ErrorCode[];
const plain = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

const more: Readonly<Partial<Record<ErrorCode, object>>> = {
  missing_token: { 'www-authenticate': 'Bearer realm="bedrock-proxy"' },
  invalid_token: { 'www-authenticate': 'Bearer realm="bedrock-proxy", error="invalid_token"' },
  method_not_allowed: { allow: 'POST, OPTIONS' },
  throttled: { 'retry-after': '1' },
  upstream_unavailable: { 'retry-after': '1' },
  auth_unavailable: { 'retry-after': '5' },
  model_not_ready: { 'retry-after': '10' },
  quota_exceeded: { 'retry-after': '60' },
  rate_limited: { 'retry-after': '1' },
  limits_unavailable: { 'retry-after': '5' },
  budget_exceeded: { 'x-should-retry': 'false' },
};

describe('the headers of an error', () => {
  it.each(codes)('are those of every error, and those of %s', (code) => {
    expect(plainRefusal(new ProxyError(code), '{}').headers).toEqual({ ...plain, ...more[code] });
  });

  it.each([
    [7, '7'],
    [0, '0'],
    [1.2, '2'],
  ])('say to wait %s seconds as %s', (retryAfterSeconds, expected) => {
    const { headers } = plainRefusal(new ProxyError('throttled', { retryAfterSeconds }), '{}');
    expect(headers['retry-after']).toBe(expected);
  });
});
