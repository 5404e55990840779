import { describe, expect, it, vi } from 'vitest';
import { callMetaOf } from './create-bedrock-invoker.js';
import * as upstream from './upstream-error.js';

const refusalOf = (error: unknown) => upstream.refusalOf(error, callMetaOf);

const sdkError = (name: string, extra: object = {}) => Object.assign(new Error('a reason'), { name }, extra);
const response = (headers: Readonly<Record<string, string>>) => ({ $response: { headers } });

describe('refusalOf', () => {
  it('takes the code from the name, then the status, then the system error', () => {
    expect(refusalOf(sdkError('ThrottlingException', { $metadata: { httpStatusCode: 400 } })).code).toBe('throttled');
    expect(refusalOf(sdkError('SyntaxError', { $metadata: { httpStatusCode: 502 } })).code).toBe('upstream_error');
    expect(refusalOf(sdkError('Odd', { $metadata: { httpStatusCode: 300 } })).code).toBe('upstream_error');
    expect(refusalOf(sdkError('Odd', { $metadata: { httpStatusCode: 503 } })).code).toBe('upstream_unavailable');
    expect(refusalOf(sdkError('Error', { code: 'ECONNREFUSED' })).code).toBe('upstream_unavailable');
    expect(refusalOf(sdkError('Error', { code: 'ECONNRESET', $metadata: { attempts: 1 } })).code).toBe(
      'upstream_unavailable',
    );
    // An accepted answer that breaks off while it is read.
    expect(refusalOf(sdkError('Error', { code: 'ECONNRESET', $metadata: { httpStatusCode: 200 } })).code).toBe(
      'upstream_truncated',
    );
    expect(refusalOf(sdkError('TimeoutError')).code).toBe('upstream_unavailable');
    expect(refusalOf(sdkError('TypeError')).code).toBe('internal');
    expect(refusalOf('thrown').code).toBe('internal');
  });

  it('keeps the metadata of the call and the cause', () => {
    const error = sdkError('ModelErrorException', {
      $metadata: { httpStatusCode: 424, attempts: 3, requestId: 'r-1' },
      ...response({ 'x-amzn-bedrock-input-token-count': '7' }),
    });
    expect(refusalOf(error)).toMatchObject({
      cause: error,
      meta: { attempts: 3, upstreamRequestId: 'r-1', reportedTokens: { inputTokens: 7 } },
    });
    expect(refusalOf(sdkError('X')).meta).toEqual({ attempts: 1 });
    expect(refusalOf('thrown').cause).toBe('thrown');
  });

  it.each([
    ['7', 7],
    ['1.2', 2],
    ['0', 0],
    ['', 1],
    ['-3', 1],
    ['Infinity', 1],
    ['1e9', 1],
    ['soon', 1],
    ['12', 12],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 0],
    ['Wed, 21 Oct 2026 07:30:10 GMT', 70],
    ['Wed, 21 Oct 2026 07:29:00.5 GMT', 1],
  ])('reads Retry-After %j as %i s', (header, seconds) => {
    vi.useFakeTimers({ now: new Date('2026-10-21T07:29:00Z'), toFake: ['Date'] });
    const error = sdkError('ThrottlingException', response({ 'retry-after': header }));
    expect(refusalOf(error).retryAfterSeconds).toBe(seconds);
    vi.useRealTimers();
  });

  it('keeps what the model told Bedrock, and shows it if it helps to fix the request', () => {
    const told = { originalStatusCode: 422, originalMessage: 'prompt is too long', resourceName: 'arn:aws:x' };
    const error = sdkError('ModelErrorException', { $metadata: { httpStatusCode: 424 }, ...told });
    expect(refusalOf(error)).toMatchObject({
      ...{ code: 'upstream_validation', retryable: false, message: 'a reason prompt is too long' },
      upstream: { name: 'ModelErrorException', status: 424, ...told },
    });
    const failed = refusalOf(Object.assign(error, { originalStatusCode: 500 }));
    expect(failed).toMatchObject({ code: 'upstream_error', upstream: { originalStatusCode: 500 } });
    expect(failed.message).not.toContain('prompt');
  });

  it.each([409, 413, 418, 422, 424, 499])('never calls a refusal with the status %d retryable', (httpStatusCode) => {
    const error = refusalOf(sdkError('OddException', { $metadata: { httpStatusCode } }));
    expect(error).toMatchObject({ code: 'upstream_validation', retryable: false, message: 'a reason' });
  });

  it('appends the sentence of Bedrock, cleaned, to the message for an unknown model', () => {
    const sentence = 'No model arn:aws:bedrock:eu-west-1:111122223333:provisioned-model/a here';
    const error = Object.assign(new Error(sentence), { name: 'ResourceNotFoundException' });
    expect(refusalOf(error)).toMatchObject({ code: 'model_not_found' });
    expect(refusalOf(error).message).toMatch(
      /^Bedrock does not know this model .* amazon\.nova-lite-v1:0.* No model \[arn\] here$/,
    );
  });

  it('tells a model that is past its life from one that the operator must ask for', () => {
    const told = (sentence: string) =>
      refusalOf(Object.assign(new Error(sentence), { name: 'ResourceNotFoundException' })).code;
    expect(told('This model version has reached the end of its life.')).toBe('model_not_found');
    expect(told('This Model is marked by provider as Legacy.')).toBe('upstream_denied');
    expect(told('Model use case details have not been submitted for this account.')).toBe('upstream_denied');
  });

  it('says what a model id looks like if Bedrock only says that it is invalid', () => {
    const error = Object.assign(new Error('The provided model identifier is invalid.'), {
      name: 'ValidationException',
    });
    expect(refusalOf(error).message).toMatch(
      /^The provided model identifier is invalid\. A model id of Bedrock looks like /,
    );
  });
});

it('keeps the words about a guardrail from clients', () => {
  const sentence = 'The guardrail identifier or version provided in the request does not exist.';
  const error = Object.assign(new Error(sentence), {
    name: 'ValidationException',
    $metadata: { httpStatusCode: 400 },
  });
  const refusal = refusalOf(error);
  expect(refusal).toMatchObject({ code: 'upstream_denied', cause: error, upstream: { name: 'ValidationException' } });
  expect(refusal.message).not.toContain('guardrail');
  expect(refusal.upstream).not.toHaveProperty('message');
});
