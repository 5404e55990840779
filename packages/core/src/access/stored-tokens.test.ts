import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { storedTokens } from './stored-tokens.js';
import type { TokenRecord } from './token-record.js';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const record = (token: string): TokenRecord => ({ id: token.slice(-3), token });

function store(...tokens: readonly string[]) {
  const read = vi.fn(async (_signal: AbortSignal): Promise<readonly TokenRecord[]> => tokens.map(record));
  const failures: unknown[] = [];
  const policy = storedTokens({ read, onFailure: (error) => failures.push(error) });
  return {
    read,
    failures,
    setTokens: (...others: readonly string[]) => read.mockImplementation(async () => others.map(record)),
    fails: (error: unknown = new Error('down')) => read.mockRejectedValue(error),
    ask: async (token?: string) => {
      const decision = await policy({ requestId: '1', ...(token !== undefined && { token }) });
      return decision.allow ? decision.principal : decision.code;
    },
  };
}

describe('storedTokens', () => {
  it('returns missing_token without reading the store', async () => {
    const { ask, read } = store('token-old');
    expect(await ask()).toBe('missing_token');
    expect(read).not.toHaveBeenCalled();
  });

  it('reads the store once for concurrent first requests', async () => {
    const { ask, read } = store('token-old');
    expect(await Promise.all([ask('token-old'), ask('token-old'), ask('unknown')])).toEqual([
      'old',
      'old',
      'invalid_token',
    ]);
    expect(read).toHaveBeenCalledOnce();
  });

  it('refuses a removed token after ttlSeconds', async () => {
    const { ask, setTokens } = store('token-old', 'token-new');
    expect(await ask('token-old')).toBe('old');
    setTokens('token-new');
    vi.advanceTimersByTime(59_999);
    expect(await ask('token-old')).toBe('old');
    vi.advanceTimersByTime(1);
    expect(await ask('token-old')).toBe('invalid_token');
    expect(await ask('token-new')).toBe('new');
  });

  it('admits a new token at once, even if the records are fresh', async () => {
    const { ask, setTokens } = store('token-old');
    expect(await ask('token-old')).toBe('old');
    setTokens('token-new');
    expect(await ask('token-new')).toBe('new');
    expect(await ask('token-old')).toBe('invalid_token');
  });

  it('reads the store for unknown tokens at most every 5 seconds', async () => {
    const { ask, read, setTokens } = store('token-old');
    await ask('token-old');
    for (let guess = 0; guess < 100; guess++) expect(await ask(`guess-${guess}`)).toBe('invalid_token');
    expect(read).toHaveBeenCalledTimes(2);
    setTokens('token-new');
    vi.advanceTimersByTime(4_999);
    expect(await ask('token-new')).toBe('invalid_token');
    vi.advanceTimersByTime(1);
    expect(await ask('token-new')).toBe('new');
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('does not read the store again for a known but unusable token', async () => {
    const { ask, read } = store();
    read.mockResolvedValue([{ ...record('token-old'), disabled: true }]);
    await ask('token-old');
    expect(await ask('token-old')).toBe('invalid_token');
    expect(read).toHaveBeenCalledOnce();
  });

  it('uses old records for 15 minutes of an outage, then refuses any token', async () => {
    const { ask, fails, failures } = store('token-old');
    await ask('token-old');
    fails();
    vi.advanceTimersByTime(60_000 + 15 * 60_000 - 1);
    expect(await ask('token-old')).toBe('old');
    expect(await ask('unknown')).toBe('invalid_token');
    vi.advanceTimersByTime(1);
    expect(await ask('token-old')).toBe('auth_unavailable');
    expect(failures).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(await ask('token-old')).toBe('auth_unavailable');
    expect(failures).toHaveLength(2);
  });

  it('reads an unavailable store at most every 5 seconds while old records are in use', async () => {
    const { ask, read, fails } = store('token-old');
    await ask('token-old');
    fails();
    vi.advanceTimersByTime(60_000);
    for (let count = 0; count < 20; count++) expect(await ask('token-old')).toBe('old');
    expect(read).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(5_000);
    await ask('token-old');
    expect(read).toHaveBeenCalledTimes(3);
  });

  it.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
    ['fails', () => Promise.reject(new Error('down'))],
    ['never answers', () => new Promise(() => {})],
    ['returns nothing', () => Promise.resolve(undefined)],
    ['returns text', () => Promise.resolve('token-old')],
    ['returns an invalid record', () => Promise.resolve([{ id: 'a' }])],
    ['returns one invalid record among valid ones', () => Promise.resolve([record('token-old'), { id: 'a' }])],
  ])('returns auth_unavailable if the store %s at first, and admits callers once it recovers', async (_, misbehave) => {
    const { ask, read, setTokens } = store();
    read.mockImplementation(misbehave as typeof read);
    const asked = ask('token-old');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await asked).toBe('auth_unavailable');
    setTokens('token-old');
    vi.advanceTimersByTime(1_000);
    expect(await ask('token-old')).toBe('old');
  });

  it('reads a store that fails at first at most once a second, regardless of the number of guesses', async () => {
    const { ask, read, fails, setTokens } = store();
    fails();
    for (let ms = 0; ms < 10_000; ms += 10) {
      expect(await ask(`guess-${ms}`)).toBe('auth_unavailable');
      vi.advanceTimersByTime(10);
    }
    expect(read).toHaveBeenCalledTimes(10);
    setTokens('token-old');
    expect(await ask('token-old')).toBe('old');
    expect(read).toHaveBeenCalledTimes(11);
  });

  it.each([
    [undefined, 3_000],
    [500, 500],
  ])('aborts a slow read if timeoutMs is %s', async (timeoutMs, ms) => {
    const read = vi.fn((_signal: AbortSignal) => new Promise<never>(() => undefined));
    const asked = storedTokens({ read, timeoutMs })({ requestId: '1', token: 'any' });
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(read.mock.calls[0]?.[0].aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(read.mock.calls[0]?.[0].aborted).toBe(true);
    expect(await asked).toMatchObject({ code: 'auth_unavailable', cause: { message: `No answer within ${ms} ms.` } });
  });

  it('refuses any token if the store has no records', async () => {
    const { ask } = store();
    expect(await ask('token-old')).toBe('invalid_token');
  });

  it('returns the error of the store as the cause', async () => {
    const down = new Error('down');
    const policy = storedTokens({ read: () => Promise.reject(down) });
    expect(await policy({ requestId: '1', token: 'any' })).toEqual({
      allow: false,
      code: 'auth_unavailable',
      cause: down,
    });
  });

  it('reads the store again after ttlSeconds', async () => {
    const read = vi.fn(async () => [record('token-old')]);
    const policy = storedTokens({ read, ttlSeconds: 5 });
    const request = { requestId: '1', token: 'token-old' };
    await policy(request);
    vi.advanceTimersByTime(4_999);
    await policy(request);
    expect(read).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    await policy(request);
    expect(read).toHaveBeenCalledTimes(2);
  });
});
