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
    holds: (...others: readonly string[]) => read.mockImplementation(async () => others.map(record)),
    fails: (error: unknown = new Error('down')) => read.mockRejectedValue(error),
    ask: async (token?: string) => {
      const decision = await policy({ requestId: '1', ...(token !== undefined && { token }) });
      return decision.allow ? decision.principal : decision.code;
    },
  };
}

describe('storedTokens', () => {
  it('asks for a token before it asks the store', async () => {
    const { ask, read } = store('token-old');
    expect(await ask()).toBe('missing_token');
    expect(read).not.toHaveBeenCalled();
  });

  it('reads at first use, once for all who come together', async () => {
    const { ask, read } = store('token-old');
    expect(await Promise.all([ask('token-old'), ask('token-old'), ask('unknown')])).toEqual([
      'old',
      'old',
      'invalid_token',
    ]);
    expect(read).toHaveBeenCalledOnce();
  });

  it('forgets a token that was taken out, once the time is over', async () => {
    const { ask, holds } = store('token-old', 'token-new');
    expect(await ask('token-old')).toBe('old');
    holds('token-new');
    vi.advanceTimersByTime(59_999);
    expect(await ask('token-old')).toBe('old');
    vi.advanceTimersByTime(1);
    expect(await ask('token-old')).toBe('invalid_token');
    expect(await ask('token-new')).toBe('new');
  });

  it('takes a new token at once, though the old ones were read a moment ago', async () => {
    const { ask, holds } = store('token-old');
    expect(await ask('token-old')).toBe('old');
    holds('token-new');
    expect(await ask('token-new')).toBe('new');
    expect(await ask('token-old')).toBe('invalid_token');
  });

  it('lets unknown tokens have it read once in 5 seconds at most', async () => {
    const { ask, read, holds } = store('token-old');
    await ask('token-old');
    for (let guess = 0; guess < 100; guess++) expect(await ask(`guess-${guess}`)).toBe('invalid_token');
    expect(read).toHaveBeenCalledTimes(2);
    holds('token-new');
    vi.advanceTimersByTime(4_999);
    expect(await ask('token-new')).toBe('invalid_token');
    vi.advanceTimersByTime(1);
    expect(await ask('token-new')).toBe('new');
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('does not read again for a token that is known but not usable', async () => {
    const { ask, read } = store();
    read.mockResolvedValue([{ ...record('token-old'), disabled: true }]);
    await ask('token-old');
    expect(await ask('token-old')).toBe('invalid_token');
    expect(read).toHaveBeenCalledOnce();
  });

  it('serves old tokens for 15 minutes of outage, and then nobody', async () => {
    const { ask, fails, failures } = store('token-old');
    await ask('token-old');
    fails();
    vi.advanceTimersByTime(60_000 + 15 * 60_000 - 1);
    expect(await ask('token-old')).toBe('old');
    expect(await ask('unknown')).toBe('invalid_token');
    vi.advanceTimersByTime(1);
    expect(await ask('token-old')).toBe('auth_unavailable');
    expect(failures.length).toBeGreaterThanOrEqual(2);
  });

  it('asks a store that is down once in 5 seconds while old tokens serve', async () => {
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
    ['gives nothing', () => Promise.resolve(undefined)],
    ['gives text', () => Promise.resolve('token-old')],
    ['gives an unusable record', () => Promise.resolve([{ id: 'a' }])],
    ['gives one unusable record among good ones', () => Promise.resolve([record('token-old'), { id: 'a' }])],
  ])('is closed while cold where the store %s, and opens when it has recovered', async (_, misbehave) => {
    const { ask, read, holds } = store();
    read.mockImplementation(misbehave as typeof read);
    const asked = ask('token-old');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await asked).toBe('auth_unavailable');
    holds('token-old');
    expect(await ask('token-old')).toBe('old');
  });

  it.each([
    [undefined, 3_000],
    [500, 500],
  ])('gives a read up that takes too long, where timeoutMs is %s', async (timeoutMs, ms) => {
    const read = vi.fn((_signal: AbortSignal) => new Promise<never>(() => undefined));
    const asked = storedTokens({ read, timeoutMs })({ requestId: '1', token: 'any' });
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(read.mock.calls[0]?.[0].aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(read.mock.calls[0]?.[0].aborted).toBe(true);
    expect(await asked).toMatchObject({ code: 'auth_unavailable', cause: { message: `No answer within ${ms} ms.` } });
  });

  it('admits nobody where the store holds no records', async () => {
    const { ask } = store();
    expect(await ask('token-old')).toBe('invalid_token');
  });

  it('says why in the decision, for the log', async () => {
    const down = new Error('down');
    const policy = storedTokens({ read: () => Promise.reject(down) });
    expect(await policy({ requestId: '1', token: 'any' })).toEqual({
      allow: false,
      code: 'auth_unavailable',
      cause: down,
    });
  });

  it('takes the time of freshness that it is told', async () => {
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
