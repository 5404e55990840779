import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorKinds } from './error-codes.js';
import { isProxyError, ProxyError, toProxyError } from './proxy-error.js';

const codes = Object.keys(errorKinds) as ErrorCode[];

describe('a ProxyError', () => {
  it.each(codes)('of code %s says what its kind says', (code) => {
    const error = new ProxyError(code);
    const kind: { message: string; retryable: boolean; retryAfterSeconds?: number } = errorKinds[code];
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'ProxyError', code, message: kind.message, retryable: kind.retryable });
    expect(error.retryAfterSeconds).toBe(kind.retryAfterSeconds);
    expect(kind.message).toMatch(/[.]$/);
  });

  it('has what it is given', () => {
    const given = {
      ...{ message: 'Over the budget.', cause: new Error('table'), issues: [{ path: 'a', message: 'b' }] },
      ...{ retryAfterSeconds: 30, meta: { attempts: 2 } },
    };
    expect(new ProxyError('throttled', given)).toMatchObject(given);
    expect(new ProxyError('throttled', { retryAfterSeconds: 0 }).retryAfterSeconds).toBe(0);
  });

  it('has nothing that it is not given', () => {
    const error = new ProxyError('internal');
    expect([error.cause, error.issues, error.meta, error.retryAfterSeconds]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect('cause' in error).toBe(false);
  });
});

describe('isProxyError', () => {
  it('knows one of another copy of the library by its brand', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('bedrock-proxy.error')]: true, code: 'throttled' });
    expect(isProxyError(new ProxyError('internal'))).toBe(true);
    expect(isProxyError(foreign)).toBe(true);
    expect(toProxyError(foreign)).toBe(foreign);
  });

  it.each([undefined, null, 'ProxyError', 7, {}, new Error('x'), { name: 'ProxyError', code: 'internal' }])(
    'does not take %s for one',
    (value) => {
      expect(isProxyError(value)).toBe(false);
    },
  );
});

describe('toProxyError', () => {
  it('leaves a ProxyError as it is', () => {
    const error = new ProxyError('throttled');
    expect(toProxyError(error)).toBe(error);
  });

  it.each([new Error('bug'), 'broken', null])('makes %s an internal error with that cause', (value) => {
    expect(toProxyError(value)).toMatchObject({ name: 'ProxyError', code: 'internal', cause: value });
  });

  it.each(['a_code_of_tomorrow', 'toString', undefined])('takes the code %s of another copy for internal', (code) => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('bedrock-proxy.error')]: true, code });
    expect(toProxyError(foreign)).toMatchObject({ code: 'internal', cause: foreign });
  });
});
