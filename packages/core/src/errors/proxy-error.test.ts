import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorKinds } from './error-kinds.js';
import { isProxyError, ProxyError, toProxyError } from './proxy-error.js';

const codes = Object.keys(errorKinds) as ErrorCode[];

describe('ProxyError', () => {
  it.each(codes)('takes its message, retryable and retryAfterSeconds from the code %s', (code) => {
    const error = new ProxyError(code);
    const kind: { message: string; retryable: boolean; retryAfterSeconds?: number } = errorKinds[code];
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'ProxyError', code, message: kind.message, retryable: kind.retryable });
    expect(error.retryAfterSeconds).toBe(kind.retryAfterSeconds);
    expect(kind.message).toMatch(/[.]$/);
  });

  it('keeps the options that it is given', () => {
    const given = {
      ...{ message: 'Over the budget.', cause: new Error('table'), issues: [{ path: 'a', message: 'b' }] },
      ...{ retryAfterSeconds: 30, meta: { attempts: 2 } },
    };
    expect(new ProxyError('throttled', given)).toMatchObject(given);
    expect(new ProxyError('throttled', { retryAfterSeconds: 0 }).retryAfterSeconds).toBe(0);
  });

  it('has no value for an option that it is not given', () => {
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
  it('accepts an error of another copy of the library by its brand', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('bedrock-proxy.error')]: true, code: 'throttled' });
    expect(isProxyError(new ProxyError('internal'))).toBe(true);
    expect(isProxyError(foreign)).toBe(true);
    expect(toProxyError(foreign)).toBe(foreign);
  });

  it.each([undefined, null, 'ProxyError', 7, {}, new Error('x'), { name: 'ProxyError', code: 'internal' }])(
    'refuses %s',
    (value) => {
      expect(isProxyError(value)).toBe(false);
    },
  );
});

describe('toProxyError', () => {
  it('returns a ProxyError unchanged', () => {
    const error = new ProxyError('throttled');
    expect(toProxyError(error)).toBe(error);
  });

  it.each([new Error('bug'), 'broken', null])('wraps %s in an internal error as its cause', (value) => {
    expect(toProxyError(value)).toMatchObject({ name: 'ProxyError', code: 'internal', cause: value });
  });

  it.each(['a_code_of_tomorrow', 'toString', undefined])(
    'wraps an error of another copy with the unknown code %s',
    (code) => {
      const foreign = Object.assign(new Error('x'), { [Symbol.for('bedrock-proxy.error')]: true, code });
      expect(toProxyError(foreign)).toMatchObject({ code: 'internal', cause: foreign });
    },
  );
});
