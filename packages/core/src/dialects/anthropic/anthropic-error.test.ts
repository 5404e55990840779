import { describe, expect, it } from 'vitest';
import { errorKinds } from '../../errors/error-kinds.js';
import { ProxyError } from '../../errors/proxy-error.js';
import { anthropicRefusal } from './anthropic-error.js';

const refusal = (...error: ConstructorParameters<typeof ProxyError>) =>
  anthropicRefusal(new ProxyError(...error), 'r-1');
const messageOf = (...error: ConstructorParameters<typeof ProxyError>) =>
  JSON.parse(String(refusal(...error).body)).error.message;

describe('a refusal', () => {
  it.each([
    ['invalid_json', 400, 'invalid_request_error'],
    ['invalid_request', 400, 'invalid_request_error'],
    ['invalid_model', 400, 'invalid_request_error'],
    ['upstream_validation', 400, 'invalid_request_error'],
    ['missing_token', 401, 'authentication_error'],
    ['invalid_token', 401, 'authentication_error'],
    ['ip_not_allowed', 403, 'permission_error'],
    ['stream_not_allowed', 403, 'permission_error'],
    ['model_not_allowed', 404, 'not_found_error'],
    ['model_not_priced', 404, 'not_found_error'],
    ['model_not_found', 404, 'not_found_error'],
    ['not_found', 404, 'not_found_error'],
    ['method_not_allowed', 405, 'invalid_request_error'],
    ['body_too_large', 413, 'request_too_large'],
    ['throttled', 429, 'rate_limit_error'],
    ['quota_exceeded', 429, 'rate_limit_error'],
    ['rate_limited', 429, 'rate_limit_error'],
    ['budget_exceeded', 429, 'rate_limit_error'],
    ['internal', 500, 'api_error'],
    ['upstream_error', 502, 'api_error'],
    ['upstream_denied', 502, 'api_error'],
    ['upstream_truncated', 502, 'api_error'],
    ['response_too_large', 502, 'api_error'],
    ['unsupported_stream', 502, 'api_error'],
    ['auth_unavailable', 503, 'api_error'],
    ['limits_unavailable', 503, 'api_error'],
    ['upstream_timeout', 504, 'timeout_error'],
    ['deadline_exceeded', 504, 'timeout_error'],
    ['upstream_unavailable', 529, 'overloaded_error'],
    ['model_not_ready', 529, 'overloaded_error'],
  ] as const)('for %s is a %i of type %s', (code, status, type) => {
    const answer = refusal(code);
    const { message, retryable } = { ...errorKinds[code] };
    expect(answer.status).toBe(status);
    expect(JSON.parse(String(answer.body))).toEqual({ type: 'error', error: { type, message }, request_id: 'r-1' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'request-id': 'r-1',
      'x-should-retry': String(retryable),
    });
  });

  it.each([
    [0.2, '1'],
    [7, '7'],
    [61, '60'],
    [86_400, '60'],
  ])('asks for a wait of whole seconds, a minute at most: %d', (retryAfterSeconds, told) => {
    expect(refusal('throttled', { retryAfterSeconds }).headers['retry-after']).toBe(told);
  });

  it('keeps the challenge of a missing token', () => {
    expect(refusal('missing_token').headers['www-authenticate']).toBe('Bearer realm="bedrock-proxy"');
  });

  it('names everything that is wrong with a request', () => {
    const issues = [
      { path: 'model', message: 'Send the model as a string.' },
      { path: 'stream', message: 'Send true or false.' },
    ];
    expect(messageOf('invalid_request', { issues })).toBe(
      'model: Send the model as a string. stream: Send true or false.',
    );
  });

  it("tells Bedrock's sentence as it is", () => {
    const message = 'context_management: Extra inputs are not permitted';
    expect(messageOf('upstream_validation', { message })).toBe(message);
  });
});

describe('an error that Claude sent', () => {
  const chunkOf = (message: string) =>
    Buffer.from(JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message } }));
  const upstream = (chunk: Uint8Array) => ({ upstream: { name: 'overloaded_error', chunk } });

  it('is told in its own words, cleaned', () => {
    expect(messageOf('upstream_unavailable', upstream(chunkOf('Overloaded at 10.1.2.3')))).toBe(
      'Overloaded at [address]',
    );
  });

  it('is not told if the operator has to act', () => {
    const told = messageOf('upstream_denied', upstream(chunkOf('no rights for the role')));
    expect(told).toBe(errorKinds.upstream_denied.message);
  });

  it.each(['{"error":{"message":"x"}}', '{"type":"error"}', '{"type":"error","error":{"message":1}}', '"x"'])(
    'is only what has its shape: %s',
    (chunk) => {
      expect(messageOf('upstream_error', upstream(Buffer.from(chunk)))).toBe(errorKinds.upstream_error.message);
    },
  );
});
