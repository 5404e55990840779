import { describe, expect, it } from 'vitest';
import { describeFailure } from './error-of-failure.js';
import { type InBandFailure, readFailure, readUnknownFailure } from './in-band-failure.js';

const described = (failure: InBandFailure | undefined) => failure && describeFailure(failure);

describe('readFailure', () => {
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
  ])('reads the error type %s of Claude as %s', (type, code) => {
    const chunk = { type: 'error', error: { type, message: 'Busy' } };
    expect(described(readFailure(chunk))).toEqual({ code, type, message: 'Busy' });
  });

  it.each<readonly [chunk: object, code: string, type: string, message: string]>([
    [{ error: { message: 'gone', code: 500 } }, 'upstream_error', 'error', 'gone'],
    [{ error: 'gone' }, 'upstream_error', 'error', 'gone'],
    [{ error: {} }, 'upstream_error', 'error', 'no message'],
    [{ error: true, message: 'gone' }, 'upstream_error', 'error', 'gone'],
    [
      { error: { type: 'BadRequestError', Message: 'long', code: 400 } },
      'upstream_validation',
      'BadRequestError',
      'long',
    ],
    [{ error: { message: 'long', code: '422' } }, 'upstream_validation', 'error', 'long'],
    [{ error: { message: 'long', status: 404 } }, 'upstream_validation', 'error', 'long'],
    [{ error: { message: 'long', status_code: 499 } }, 'upstream_validation', 'error', 'long'],
    [{ error: 'long', code: 413 }, 'upstream_validation', 'error', 'long'],
    [{ error: { message: 'slow', code: 429 } }, 'throttled', 'error', 'slow'],
    [{ error: { message: 'word', code: 'context_length_exceeded' } }, 'upstream_error', 'error', 'word'],
    [{ error: { message: 'other', code: 40 } }, 'upstream_error', 'error', 'other'],
    [{ error: 'oom', error_type: 'generation' }, 'upstream_error', 'generation', 'oom'],
    [{ error: { type: 'overloaded_error' } }, 'upstream_error', 'overloaded_error', 'no message'],
    [
      { object: 'error', type: 'BadRequestError', message: 'long', code: 400 },
      'upstream_validation',
      'BadRequestError',
      'long',
    ],
    [{ type: 'error', message: 'gone' }, 'upstream_error', 'error', 'gone'],
    [{ choices: [{ text: 'Hi' }], error: 'gone' }, 'upstream_error', 'error', 'gone'],
  ])('reads %j as %s', (chunk, code, type, message) => {
    expect(described(readFailure({ ...chunk }))).toEqual({ code, type, message });
  });

  it.each<object>([{ images: [], error: null }, { error: '' }, { error: false }, { generation: 'error' }, {}])(
    'reads no failure in %j',
    (chunk) => {
      expect(readFailure({ ...chunk })).toBeUndefined();
    },
  );
});

describe('readUnknownFailure', () => {
  const metrics = { 'amazon-bedrock-invocationMetrics': { outputTokenCount: 1 } };

  it.each<readonly [chunk: object, code: string, type: string, message: string]>([
    [{ modelStreamErrorException: { message: 'gone' } }, 'upstream_error', 'ModelStreamErrorException', 'gone'],
    [{ ModelErrorException: 'gone', ...metrics }, 'upstream_error', 'ModelErrorException', 'gone'],
    [
      { modelStreamErrorException: { message: 'long', originalStatusCode: 400 } },
      ...(['upstream_validation', 'ModelStreamErrorException', 'long'] as const),
    ],
    [{ throttlingException: { message: 'slow' } }, 'throttled', 'ThrottlingException', 'slow'],
    [{ throttlingException: { message: 'per day' } }, 'quota_exceeded', 'ThrottlingException', 'per day'],
    [{ validationException: { Message: 'long' } }, 'upstream_validation', 'ValidationException', 'long'],
    [{ somethingNewException: {} }, 'upstream_error', 'SomethingNewException', 'no message'],
    [{ somethingNewException: { code: 418 } }, 'upstream_validation', 'SomethingNewException', 'no message'],
    [{ type: 'abort', message: 'gone' }, 'upstream_error', 'abort', 'gone'],
  ])('reads %j as %s', (chunk, code, type, message) => {
    expect(described(readUnknownFailure({ ...chunk }))).toEqual({ code, type, message });
  });

  it('keeps the error, its chunk and the name of the exception', () => {
    const chunk = { modelStreamErrorException: { message: 'gone' } };
    const exception = 'ModelStreamErrorException';
    expect(readUnknownFailure(chunk)).toEqual({ error: chunk.modelStreamErrorException, chunk, exception });
  });

  it.each<object>([
    { throttlingException: { message: 'slow' }, more: 1 },
    { exceptional: 1 },
    { 'x-ModelException': {} },
    { validationExceptions: {} },
    { [`${'a'.repeat(100)}Exception`]: 1 },
    { answer: 'Hi', ...metrics },
    metrics,
    { type: 'stop' },
    {},
  ])('reads no failure in %j', (chunk) => {
    expect(readUnknownFailure({ ...chunk })).toBeUndefined();
  });
});
