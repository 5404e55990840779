import { AdaptiveRetryStrategy, StandardRetryStrategy } from '@smithy/core/retry';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { sendAgain } from './create-request-sender.js';

// Loaded beforehand, because an import cannot end while the clock stands still.
beforeAll(() => import('./wait-for-retry.js'));
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const three: Parameters<typeof sendAgain>[0] = {
  retryStrategy: async () => new StandardRetryStrategy(3),
  maxAttempts: async () => 3,
};
const failure = (extra: object) => Object.assign(new Error('failed'), extra);
const status = (httpStatusCode: number) => failure({ $metadata: { httpStatusCode } });
const open = new AbortController().signal;

/** Runs attempts that fail with `failures` in order, then one that succeeds. Returns the arguments of each and the outcome. */
async function run(failures: readonly unknown[], config = three, signal = open) {
  const attempted: string[] = [];
  const left = [...failures];
  const sending = sendAgain(config, { signal }, async (count, most) => {
    attempted.push(`${count} of ${most}`);
    if (left.length > 0) throw left.shift();
    return 'answer';
  });
  const outcome = sending.then(
    ({ result, attempts }) => `${result} ${attempts}`,
    (error: unknown) => error,
  );
  await vi.runAllTimersAsync();
  return { attempted, outcome: await outcome };
}

describe('sendAgain', () => {
  it('sends a request once if it succeeds', async () => {
    expect(await run([])).toEqual({ attempted: ['1 of 3'], outcome: 'answer 1' });
  });

  it.each([
    ['throttling by status', status(429)],
    ['throttling by name', failure({ name: 'ThrottlingException' })],
    ['a server error', status(500)],
    ['a gateway error', status(502)],
    ['an unavailable server', status(503)],
    ['a connection reset', failure({ code: 'ECONNRESET' })],
    ['an unknown host', failure({ code: 'ENOTFOUND' })],
    ['a timeout', failure({ name: 'TimeoutError' })],
    ['a corrected clock', failure({ $metadata: { clockSkewCorrected: true } })],
  ])('retries after %s', async (_, error) => {
    expect(await run([error, error])).toEqual({ attempted: ['1 of 3', '2 of 3', '3 of 3'], outcome: 'answer 3' });
  });

  it.each([
    ['an invalid request', status(400)],
    ['a refusal', status(403)],
    ['a timeout of the model', status(408)],
    ['an abort', failure({ name: 'AbortError', code: 'ECONNRESET' })],
    ['another server error', status(501)],
    ['a programming error', new TypeError('oops')],
  ])('does not retry after %s', async (_, error) => {
    const { attempted, outcome } = await run([error]);
    expect(attempted).toEqual(['1 of 3']);
    expect(outcome).toBe(error);
    expect(outcome).toMatchObject({ $metadata: { attempts: 1 } });
  });

  it('rejects with the last error and the number of attempts', async () => {
    const errors = [status(503), failure({ code: 'EPIPE' }), status(429), status(500)];
    const { attempted, outcome } = await run(errors);
    expect(attempted).toEqual(['1 of 3', '2 of 3', '3 of 3']);
    expect(outcome).toBe(errors[2]);
    expect(outcome).toMatchObject({ $metadata: { httpStatusCode: 429, attempts: 3 } });
  });

  it('wraps a thrown value that is not an error', async () => {
    expect((await run(['odd'])).outcome).toMatchObject({ message: 'odd', $metadata: { attempts: 1 } });
  });

  const asking = (httpStatusCode: number, retryAfter: string) =>
    Object.assign(status(httpStatusCode), {
      $response: { statusCode: httpStatusCode, headers: { 'retry-after': retryAfter } },
    });

  it('waits for the time in Retry-After if that is at most 2 s', async () => {
    const began = Date.now();
    expect(await run([asking(429, '2')])).toEqual({ attempted: ['1 of 3', '2 of 3'], outcome: 'answer 2' });
    expect(Date.now() - began).toBeGreaterThanOrEqual(2_000);
  });

  it.each([
    ['2.1', 429],
    ['20', 429],
    ['20', 503],
    [new Date(Date.now() + 1_000_000).toUTCString(), 503],
  ])('does not wait for a Retry-After of %s with the status %d', async (retryAfter, code) => {
    vi.setSystemTime(Date.now());
    const error = asking(code, retryAfter);
    expect(await run([error])).toEqual({ attempted: ['1 of 3'], outcome: error });
    expect(error).toMatchObject({ $metadata: { attempts: 1 } });
  });

  it('does not retry after a refusal for a quota of a day or a month', async () => {
    for (const sentence of ['Too many tokens per day', 'Too many requests per month']) {
      const error = Object.assign(new Error(sentence), {
        name: 'ThrottlingException',
        $metadata: { httpStatusCode: 429 },
      });
      expect(await run([error])).toEqual({ attempted: ['1 of 3'], outcome: error });
    }
    const rate = Object.assign(new Error('Too many tokens'), { name: 'ThrottlingException' });
    expect((await run([rate])).outcome).toBe('answer 2');
  });

  it('does not begin a pause of the SDK that may reach the deadline', async () => {
    const began = performance.now();
    const failing = () =>
      sendAgain(three, { signal: open, deadlineAt: began + 1_000 }, () => Promise.reject(status(429)));
    const refused = expect(failing()).rejects.toMatchObject({ $metadata: { attempts: 1 } });
    await vi.runAllTimersAsync();
    await refused;
    expect(performance.now()).toBe(began);
  });

  it.each([
    [700, ['1 of 3', '2 of 3']],
    [701, ['1 of 3', '2 of 3', '3 of 3']],
  ])('does not begin a pause that a deadline in %d ms would cut', async (remainingMs, expected) => {
    const { config } = delaying(0, 0, 700);
    const attempted: string[] = [];
    const began = performance.now();
    const sending = sendAgain(config, { signal: open, deadlineAt: began + remainingMs }, async (count, most) => {
      attempted.push(`${count} of ${most}`);
      if (count < 3) throw status(503);
    }).catch(() => undefined);
    await vi.runAllTimersAsync();
    await sending;
    expect(attempted).toEqual(expected);
    expect(performance.now() - began).toBe(expected.length === 2 ? 0 : 700);
  });

  it('does not retry if the signal aborts during the wait', async () => {
    const caller = new AbortController();
    const attempt = vi.fn(() => Promise.reject(status(503)));
    const add = vi.spyOn(caller.signal, 'addEventListener');
    const sending = sendAgain(three, { signal: caller.signal }, attempt);
    const refused = expect(sending).rejects.toMatchObject({ $metadata: { httpStatusCode: 503, attempts: 1 } });
    const remove = vi.spyOn(caller.signal, 'removeEventListener');
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    caller.abort();
    await refused;
    await vi.runAllTimersAsync();
    expect(attempt).toHaveBeenCalledTimes(1);
    expect(remove).toHaveBeenCalledTimes(1);
    expect(remove.mock.calls).toEqual(add.mock.calls);
  });

  it('does not retry if the signal aborted before the failure', async () => {
    expect((await run([status(503)], three, AbortSignal.abort())).attempted).toEqual(['1 of 3']);
  });
});

/** A retry strategy with these delays, and a configuration with it. */
function delaying(...delays: readonly number[]) {
  const token = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => delays[count] ?? 0 });
  const strategy = {
    acquireInitialRetryToken: async () => token(0),
    refreshRetryTokenForRetry: vi.fn(async (last: ReturnType<typeof token>) => token(last.getRetryCount() + 1)),
    recordSuccess: vi.fn(),
  };
  return { strategy, config: { retryStrategy: async () => strategy, maxAttempts: async () => 3 } };
}

describe('the retry strategy', () => {
  it('may return a delay for sendAgain to wait', async () => {
    const { config } = delaying(0, 700, 0);
    const began = Date.now();
    expect((await run([status(503)], config)).outcome).toBe('answer 2');
    expect(Date.now() - began).toBe(700);
  });

  it('is no longer awaited once the signal aborts', async () => {
    const { config, strategy } = delaying(0, 60_000);
    const caller = new AbortController();
    const sending = sendAgain(config, { signal: caller.signal }, () => Promise.reject(status(503)));
    const refused = expect(sending).rejects.toMatchObject({ $metadata: { attempts: 1 } });
    await vi.advanceTimersByTimeAsync(59_999);
    caller.abort();
    await refused;
    expect(vi.getTimerCount()).toBe(0);
    expect(strategy.refreshRetryTokenForRetry).toHaveBeenCalledTimes(1);
  });

  it('is not called for an aborted request', async () => {
    const { config, strategy } = delaying(0);
    const caller = new AbortController();
    const sending = sendAgain(config, { signal: caller.signal }, async () => {
      caller.abort();
      throw failure({ code: 'ECONNRESET' });
    });
    await expect(sending).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(strategy.refreshRetryTokenForRetry).not.toHaveBeenCalled();
  });

  it('that delays its first token is no longer awaited once the signal aborts', async () => {
    const { strategy } = delaying(0);
    const config = {
      retryStrategy: async () => ({ ...strategy, acquireInitialRetryToken: () => new Promise<never>(() => undefined) }),
      maxAttempts: async () => 3,
    };
    const caller = new AbortController();
    const attempt = vi.fn(async () => 'answer');
    const refused = expect(sendAgain(config, { signal: caller.signal }, attempt)).rejects.toBe('bored');
    await vi.advanceTimersByTimeAsync(100);
    caller.abort('bored');
    await refused;
    expect(attempt).not.toHaveBeenCalled();
  });

  it('stops retries in an outage and restores them after successes', async () => {
    const strategy = new StandardRetryStrategy(3);
    const config = { ...three, retryStrategy: async () => strategy };
    const full = strategy.getCapacity();
    await run([status(503)], config);
    expect(strategy.getCapacity()).toBe(full);
    let attempts = 0;
    for (let request = 0; request < 200; request += 1)
      attempts += (await run(Array(3).fill(status(503)), config)).attempted.length;
    expect(attempts).toBeGreaterThan(200);
    expect(attempts).toBeLessThan(400);
    expect((await run([status(503)], config)).attempted).toEqual(['1 of 3']);
    for (let request = 0; request < 20; request += 1) await run([], config);
    expect((await run([status(503)], config)).attempted).toEqual(['1 of 3', '2 of 3']);
  });

  it.each([
    ['THROTTLING', status(429)],
    ['TRANSIENT', failure({ code: 'ECONNRESET' })],
    ['SERVER_ERROR', status(501)],
    ['CLIENT_ERROR', status(403)],
  ])('receives the error with the type %s', async (errorType, error) => {
    const strategy = new StandardRetryStrategy(3);
    const refresh = vi.spyOn(strategy, 'refreshRetryTokenForRetry');
    await run([error], { ...three, retryStrategy: async () => strategy });
    expect(refresh.mock.calls.map(([, info]) => info)).toEqual([{ error, errorType }]);
  });

  it('may be adaptive', async () => {
    const config = { ...three, retryStrategy: async () => new AdaptiveRetryStrategy(async () => 3) };
    expect(await run([status(503)], config)).toEqual({ attempted: ['1 of 3', '2 of 3'], outcome: 'answer 2' });
  });
});
