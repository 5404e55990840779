import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LimitStore } from '../ports/limit-store.js';
import { answered, limitsScene } from './limits-scene.test-helper.js';
import { memoryLimitStore } from './memory-limit-store.js';

beforeAll(() => Promise.all([import('./create-limiter.js'), import('./built-in-prices.js')]));
beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 26, 12) }));
afterEach(() => void vi.useRealTimers());

const each = { concurrent: 5 };
const broken = new Error('no route to the table');

/** A store that fails as long as it is told to, and answers in memory else. */
function failingStore(fail: (signal: AbortSignal) => Promise<never> = () => Promise.reject(broken)) {
  const memory = memoryLimitStore();
  const switches = { isDown: true };
  const store: LimitStore = {
    update: (key, update, signal) => (switches.isDown ? fail(signal) : memory.update(key, update, signal)),
  };
  return { store, switches };
}

const hanging = () => new Promise<never>(() => {});

describe('an admission whose store fails', () => {
  it('is refused', async () => {
    const { refuse } = limitsScene({ each, ...failingStore() });
    expect(await refuse()).toEqual({ allow: false, code: 'limits_unavailable', cause: broken });
  });

  it('is refused after a second, or after the timeout that is set', async () => {
    for (const [options, ms] of [
      [{}, 1_000],
      [{ timeoutMs: 50 }, 50],
    ] as const) {
      const { refuse, updates } = limitsScene({ each, ...failingStore(hanging), ...options });
      const refused = vi.fn();
      const refusing = refuse().then(refused);
      await vi.advanceTimersByTimeAsync(ms - 1);
      expect(refused).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      await refusing;
      expect(refused.mock.calls[0]?.[0]).toMatchObject({
        cause: expect.objectContaining({ message: `The store of limits did not answer within ${ms} ms.` }),
      });
      expect(updates).toHaveLength(1);
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  it('gives the store up at its timeout', async () => {
    let given: AbortSignal | undefined;
    const { refuse } = limitsScene({
      each,
      ...failingStore((signal) => {
        given = signal;
        return hanging();
      }),
    });
    const refusing = refuse();
    await vi.advanceTimersByTimeAsync(1_000);
    await refusing;
    expect(given?.aborted).toBe(true);
  });

  it('leaves no timer if the store answers', async () => {
    await limitsScene({ each }).reserve();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives back what earlier rules took', async () => {
    const memory = memoryLimitStore();
    const { refuse, updates } = limitsScene({
      ...{ each, everyone: each },
      store: { update: (key, ...rest) => (key.startsWith('*') ? Promise.reject(broken) : memory.update(key, ...rest)) },
    });
    expect(await refuse()).toMatchObject({ code: 'limits_unavailable' });
    expect(updates.map(({ key, add }) => [key, add['n']])).toEqual([
      ['p|me|*|0', 1],
      ['*||*|0', 1],
      ['p|me|*|0', -1],
    ]);
  });

  it('is admitted without this limit if the limits are open, and warned of once a minute', async () => {
    const { store, switches } = failingStore();
    const { reserve, logger, updates } = limitsScene({ each, store, onFailure: 'open' });
    expect(await reserve()).not.toHaveProperty('settle');
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
      { event: 'limits.open', cause: expect.objectContaining({ message: broken.message }) },
      'The limits cannot be checked, because their store does not answer. Calls are admitted without them.',
    );
    // For five seconds, the store is not asked.
    vi.advanceTimersByTime(4_999);
    await reserve();
    expect(updates).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await reserve();
    expect(updates).toHaveLength(2);
    expect(logger.warn).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(55_000);
    await reserve();
    expect(logger.warn).toHaveBeenCalledTimes(2);
    switches.isDown = false;
    vi.advanceTimersByTime(5_000);
    expect(await reserve()).toHaveProperty('settle');
  });

  it('is refused even if the limits are open, if only an operator can help', async () => {
    const denied = Object.assign(new Error('no permission'), { permanent: true });
    const { refuse, logger, updates } = limitsScene({
      ...{ each, onFailure: 'open' },
      ...failingStore(() => Promise.reject(denied)),
    });
    for (let call = 1; call <= 2; call++) {
      expect(await refuse()).toEqual({ allow: false, code: 'limits_unavailable', cause: denied });
      expect(updates).toHaveLength(call);
    }
    expect(logger.warn).not.toHaveBeenCalled();
  });
});

describe('a settle whose store fails', () => {
  it('is logged, and rejects nothing', async () => {
    const { store, switches } = failingStore();
    switches.isDown = false;
    const { reserve, logger } = limitsScene({ each, store });
    const { settle } = await reserve();
    switches.isDown = true;
    await settle?.(...answered(1));
    expect(logger.error).toHaveBeenCalledExactlyOnceWith(
      { event: 'limits.settle_failed', requestId: 'r-1', cause: expect.objectContaining({ message: broken.message }) },
      'The use of a call could not be booked. Its limits count what was reserved.',
    );
  });

  it('does not keep another rule from being settled', async () => {
    const memory = memoryLimitStore();
    let isDown = false;
    const { reserve, logger, updates } = limitsScene({
      ...{ each, everyone: each },
      store: {
        update: (key, ...rest) =>
          isDown && key.startsWith('p') ? Promise.reject(broken) : memory.update(key, ...rest),
      },
    });
    const { settle } = await reserve();
    isDown = true;
    await settle?.(...answered(1));
    expect(updates.slice(2).map(({ key }) => key)).toEqual(['p|me|*|0', '*||*|0']);
    expect(logger.error).toHaveBeenCalledOnce();
  });

  it('rejects if there is no logger to tell', async () => {
    const { store, switches } = failingStore();
    switches.isDown = false;
    const { admit } = limitsScene({ each, store, logger: undefined as never });
    const { reserve } = await admit();
    const call = { targets: [{ model: 'a' }], bodies: [Buffer.from('{}')], signal: new AbortController().signal };
    const reservation = await reserve?.(call);
    switches.isDown = true;
    await expect(Promise.resolve(reservation?.settle?.(...answered(1)))).rejects.toBe(broken);
  });

  it('ends after the timeout', async () => {
    const { store, switches } = failingStore(hanging);
    switches.isDown = false;
    const { reserve, logger } = limitsScene({ each, store });
    const { settle } = await reserve();
    switches.isDown = true;
    const settling = settle?.(...answered(1));
    await vi.advanceTimersByTimeAsync(1_000);
    await settling;
    expect(logger.error).toHaveBeenCalledOnce();
  });
});

describe('dead holds', () => {
  it('are removed by the next call that needs their room, also if another call removes them first', async () => {
    const memory = memoryLimitStore();
    const race = { isOn: false };
    const { reserve, updates } = limitsScene({
      each: { concurrent: 1 },
      store: {
        async update(key, update, signal) {
          // Another instance takes the dead hold off between the refusal and the next update.
          const takesOff = (update.add['n'] ?? 0) === 0;
          if (race.isOn && takesOff) {
            race.isOn = false;
            await memory.update(key, { ...update, add: { ...update.add, n: -1, [`e${deadMinute}`]: -1 } }, signal);
          }
          return memory.update(key, update, signal);
        },
      },
    });
    await reserve({ remainingMs: 0 });
    const deadMinute = Date.now() / 60_000 + 1;
    vi.advanceTimersByTime(60_000);
    await reserve({ remainingMs: 600_000 });
    expect(updates).toHaveLength(3);
    race.isOn = true;
    vi.advanceTimersByTime(11 * 60_000);
    await reserve();
    expect(updates.length).toBeLessThanOrEqual(6);
  });

  it('are taken off even if they are more than one update can hold', async () => {
    const memory = memoryLimitStore();
    const { reserve, updates } = limitsScene({ each: { concurrent: 40, tokensPerDay: 40_000 }, store: memory });
    // Of each minute, a killed call holds 1,000 tokens.
    for (let call = 0; call < 39; call++) {
      await reserve({ body: { max_tokens: 1_000 }, remainingMs: call * 60_000 });
    }
    vi.advanceTimersByTime(60 * 60_000);
    const { settle } = await reserve({ body: { max_tokens: 39_000 } });
    expect(settle).toBeTypeOf('function');
    for (const { when = [] } of updates) expect(when.length).toBeLessThanOrEqual(2 + 30);
  });
});
