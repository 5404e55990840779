import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Settle } from '../access/access-policy.js';
import { type Observers, settle as settleAll } from './observers.js';
import type { RequestRecord } from './request-record.js';

afterEach(() => void vi.useRealTimers());

interface Scene extends Partial<Pick<Observers, 'onRequestEnd' | 'observerTimeoutMs' | 'settleTimeoutMs'>> {
  readonly settle?: Settle;
  readonly settles?: readonly Settle[];
  readonly usage?: object;
  readonly clientWaits?: boolean;
}

const outcome = { accepted: true, textLength: 3 };

function telling({
  settle,
  settles = settle ? [settle] : [],
  usage = {},
  clientWaits = false,
  observerTimeoutMs = 250,
  ...options
}: Scene) {
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const record: RequestRecord = {
    ...{ requestId: 'r-1', principal: null, sourceIp: null, front: 'test', status: 200 },
    ...{ terminal: 'none', durationMs: 1, attempts: 0, bytesOut: 0 },
  };
  const ending = { record, settles, usage, outcome, clientWaits };
  let isTold = false;
  const told = Promise.resolve(settleAll({ logger, observerTimeoutMs, ...options }, ending)).then(() => {
    isTold = true;
  });
  return { told, record, logger, isTold: () => isTold };
}

const never = () => new Promise<void>(() => {});

describe('an observer', () => {
  it('sees the record', async () => {
    const onRequestEnd = vi.fn();
    const { told, record } = telling({ onRequestEnd });
    await told;
    expect(onRequestEnd).toHaveBeenCalledExactlyOnceWith(record);
  });

  it('that is a policy is told the counts, as far as they are known', async () => {
    const settle = vi.fn();
    const first = telling({ settle, usage: { outputTokens: 5 } });
    await first.told;
    expect(first.logger.error).not.toHaveBeenCalled();
    await telling({ settle }).told;
    expect(settle.mock.calls).toEqual([
      [{ outputTokens: 5 }, outcome],
      [{}, outcome],
    ]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('no table'))],
    [
      'throws at once',
      () => {
        throw new Error('no table');
      },
    ],
  ])('that %s is logged, and the other is told all the same', async (_name, fail) => {
    const other = vi.fn();
    const first = telling({ onRequestEnd: fail, settle: other });
    await first.told;
    const second = telling({ onRequestEnd: other, settle: fail });
    await second.told;
    expect(other).toHaveBeenCalledTimes(2);
    for (const [{ logger }, observer] of [
      [first, 'onRequestEnd'],
      [second, 'settle'],
    ] as const) {
      expect(logger.error).toHaveBeenCalledExactlyOnceWith({
        ...{ event: 'observer.failed', requestId: 'r-1', observer },
        cause: expect.objectContaining({ message: 'no table' }),
      });
    }
  });

  it('that takes time is waited for, also beside others that take none', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { told, isTold } = telling({ settles: [() => {}, () => promise, () => {}] });
    await new Promise(setImmediate);
    expect(isTold()).toBe(false);
    resolve();
    await told;
  });

  it.each(['onRequestEnd', 'settle'])(
    'is waited for as long as it takes where the client has its answer: %s',
    async (observer) => {
      vi.useFakeTimers();
      const { isTold } = telling({ [observer]: () => new Promise<void>((resolve) => setTimeout(resolve, 60_000)) });
      await vi.advanceTimersByTimeAsync(59_999);
      expect(isTold()).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(isTold()).toBe(true);
    },
  );

  it.each([
    [{ onRequestEnd: never }, 250],
    [{ settle: never }, 2_000],
    [{ settle: never, settleTimeoutMs: 30 }, 30],
    [{ onRequestEnd: never, observerTimeoutMs: 40 }, 40],
  ])('holds a client up that waits for it only so long', async (scene, ms) => {
    vi.useFakeTimers();
    const { isTold, logger } = telling({ ...scene, clientWaits: true });
    await vi.advanceTimersByTimeAsync(ms - 1);
    expect(isTold()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isTold()).toBe(true);
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
      { event: 'observer.slow', requestId: 'r-1' },
      `An observer took over ${ms} ms. The answer was sent without waiting for it.`,
    );
  });

  it('that is quick leaves no timer and no warning', async () => {
    vi.useFakeTimers();
    const { told, logger } = telling({ onRequestEnd: async () => {}, clientWaits: true });
    await told;
    expect(logger.warn).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that takes no time, or is nobody, is not waited for', () => {
    const logger = { info() {}, warn() {}, error() {} };
    const { record } = telling({});
    const ending = { record, settles: [() => undefined], usage: {}, outcome, clientWaits: true };
    const waited = [undefined, () => undefined, () => Promise.resolve()].map((onRequestEnd) =>
      settleAll({ logger, observerTimeoutMs: 250, ...(onRequestEnd && { onRequestEnd }) }, ending),
    );
    expect(waited).toEqual([undefined, undefined, expect.any(Promise)]);
  });

  it('may be nobody', async () => {
    vi.useFakeTimers();
    await telling({ clientWaits: true }).told;
    expect(vi.getTimerCount()).toBe(0);
  });
});
