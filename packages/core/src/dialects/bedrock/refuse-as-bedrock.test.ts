import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorKinds } from '../../errors/error-kinds.js';
import { ProxyError, type ProxyErrorOptions } from '../../errors/proxy-error.js';
import { refuseAsBedrock } from './refuse-as-bedrock.js';

function refusalOf(code: ErrorCode, options?: ProxyErrorOptions) {
  const { status, headers, body } = refuseAsBedrock(new ProxyError(code, options), 'ours');
  return { status, name: headers['x-amzn-errortype'], headers, ...(JSON.parse(String(body)) as { message: string }) };
}

describe('a refusal of the proxy itself', () => {
  it.each([
    ['invalid_json', 400, 'ValidationException'],
    ['invalid_request', 400, 'ValidationException'],
    ['invalid_model', 400, 'ValidationException'],
    ['unsupported_stream', 400, 'ValidationException'],
    ['upstream_validation', 400, 'ValidationException'],
    ['response_too_large', 400, 'ValidationException'],
    ['body_too_large', 413, 'ValidationException'],
    ['missing_token', 403, 'AccessDeniedException'],
    ['invalid_token', 403, 'AccessDeniedException'],
    ['ip_not_allowed', 403, 'AccessDeniedException'],
    ['model_not_allowed', 403, 'AccessDeniedException'],
    ['stream_not_allowed', 403, 'AccessDeniedException'],
    ['model_not_priced', 403, 'AccessDeniedException'],
    ['not_found', 404, 'UnknownOperationException'],
    ['method_not_allowed', 405, 'UnknownOperationException'],
    ['model_not_found', 404, 'ResourceNotFoundException'],
    ['throttled', 429, 'ThrottlingException'],
    ['rate_limited', 429, 'ThrottlingException'],
    ['model_not_ready', 429, 'ModelNotReadyException'],
    ['quota_exceeded', 400, 'ServiceQuotaExceededException'],
    ['budget_exceeded', 400, 'ServiceQuotaExceededException'],
    ['upstream_denied', 424, 'ModelErrorException'],
    ['upstream_unavailable', 503, 'ServiceUnavailableException'],
    ['auth_unavailable', 503, 'ServiceUnavailableException'],
    ['limits_unavailable', 503, 'ServiceUnavailableException'],
    ['upstream_timeout', 504, 'ModelTimeoutException'],
    ['deadline_exceeded', 504, 'ModelTimeoutException'],
    ['internal', 500, 'InternalServerException'],
    ['upstream_error', 500, 'InternalServerException'],
    ['upstream_truncated', 500, 'InternalServerException'],
  ] as const)('%s is %i %s', (code, status, name) => {
    expect(refusalOf(code)).toMatchObject({ status, name, message: errorKinds[code].message });
  });

  it('has the headers that the SDKs read', () => {
    expect(refusalOf('throttled', { retryAfterSeconds: 1.2 }).headers).toMatchObject({
      'content-type': 'application/json',
      'x-amzn-requestid': 'ours',
      'retry-after': '2',
    });
    expect(refusalOf('method_not_allowed').headers).toMatchObject({ allow: 'POST, OPTIONS' });
    expect(refusalOf('internal').headers).not.toHaveProperty('retry-after');
  });

  it('names all that is wrong in its sentence', () => {
    const issues = [
      { path: 'serviceTier', message: 'Leave this out.' },
      { path: 'x-amzn-bedrock-trace', message: 'Leave this out too.' },
    ];
    expect(refusalOf('invalid_request', { issues }).message).toBe(
      'serviceTier: Leave this out. x-amzn-bedrock-trace: Leave this out too.',
    );
  });
});

describe('a refusal of Bedrock', () => {
  it.each([
    ['upstream_validation', 'ValidationException', 400],
    ['throttled', 'ThrottlingException', 429],
    ['upstream_error', 'ModelErrorException', 424],
    ['upstream_timeout', 'ModelTimeoutException', 408],
    ['quota_exceeded', 'ServiceQuotaExceededException', 400],
    ['upstream_error', 'NeverHeardOfException', 418],
    ['upstream_denied', 'AccessDeniedException', 403],
    ['model_not_found', 'ResourceNotFoundException', 404],
  ] as const)('%s keeps the name %s and the status %i', (code, name, status) => {
    const upstream = { name, status, message: 'Its own words.' };
    const meta = { attempts: 1, upstreamRequestId: 'theirs' };
    const refusal = refusalOf(code, { upstream, meta });
    expect(refusal).toMatchObject({ status, name, message: 'Its own words.' });
    expect(refusal.headers['x-amzn-requestid']).toBe('theirs');
  });

  it.each(['UnrecognizedClientException', 'ExpiredTokenException', 'InvalidSignatureException'])(
    'is no matter of the client if it is %s',
    (name) => {
      const upstream = { name, status: 403, message: 'The security token is expired.' };
      expect(refusalOf('upstream_denied', { upstream })).toMatchObject({
        status: 424,
        name: 'ModelErrorException',
        message: errorKinds.upstream_denied.message,
      });
    },
  );

  it.each([
    ['a page of a gateway', 'Unknown', 502],
    ['an error of the runtime', 'TypeError', 500],
    ['an answer that broke off', 'FooException', 200],
    ['a failure in an ordinary chunk', 'overloaded_error', undefined],
  ])('goes by its code if %s has no name of an exception', (_, name, status) => {
    const upstream = { name, message: 'x', ...(status !== undefined && { status }) };
    expect(refusalOf('upstream_unavailable', { upstream })).toMatchObject({
      status: 503,
      name: 'ServiceUnavailableException',
      message: errorKinds.upstream_unavailable.message,
    });
  });

  it.each([
    ['throttled', 'Throttling', 429],
    ['upstream_error', 'ModelStreamError', 424],
    ['upstream_timeout', 'ModelTimeout', 408],
    ['upstream_error', 'Unheard', 500],
  ] as const)('in a first frame, %s, is %sException with status %i', (code, word, status) => {
    const exceptionType = `${word.charAt(0).toLowerCase()}${word.slice(1)}Exception`;
    const upstream = { name: `${word}Exception`, exceptionType, message: 'Wait.' };
    expect(refusalOf(code, { upstream })).toMatchObject({ status, name: `${word}Exception`, message: 'Wait.' });
  });
});
