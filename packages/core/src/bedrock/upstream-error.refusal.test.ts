import { describe, expect, it } from 'vitest';
import { refusalOf } from './upstream-error.js';

const sdkError = (name: string, extra: object = {}) => Object.assign(new Error('a reason'), { name }, extra);
const response = (headers: Readonly<Record<string, string>>) => ({ $response: { headers } });

describe('refusalOf', () => {
  it('takes the code from the name, then the status, then the system error', () => {
    expect(refusalOf(sdkError('ThrottlingException', { $metadata: { httpStatusCode: 400 } })).code).toBe('throttled');
    expect(refusalOf(sdkError('SyntaxError', { $metadata: { httpStatusCode: 502 } })).code).toBe('upstream_error');
    expect(refusalOf(sdkError('Odd', { $metadata: { httpStatusCode: 300 } })).code).toBe('upstream_error');
    expect(refusalOf(sdkError('Odd', { $metadata: { httpStatusCode: 503 } })).code).toBe('upstream_unavailable');
    expect(refusalOf(sdkError('Error', { code: 'ECONNREFUSED' })).code).toBe('upstream_unavailable');
    expect(refusalOf(sdkError('Error', { code: 'ECONNRESET', $metadata: { httpStatusCode: 200 } })).code).toBe(
      'upstream_unavailable',
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
    ['Wed, 21 Oct 2026 07:28:00 GMT', 1],
  ])('reads Retry-After %j as %i s', (header, seconds) => {
    const error = sdkError('ThrottlingException', response({ 'retry-after': header }));
    expect(refusalOf(error).retryAfterSeconds).toBe(seconds);
  });
});
