import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RefreshingValue } from './refreshing-value.js';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A source of increasing numbers. `fails` and `hangs` set the outcome of the next reads. */
function source() {
  const state = { reads: 0, fails: false, hangs: false, failures: [] as string[], signals: [] as AbortSignal[] };
  const value = new RefreshingValue<number>({
    read: async (signal) => {
      state.signals.push(signal);
      const read = ++state.reads;
      await (state.hangs ? new Promise(() => {}) : Promise.resolve());
      if (state.fails) throw new Error(`read ${read} failed`);
      return read;
    },
    ttlMs: 60_000,
    staleMs: 900_000,
    timeoutMs: 3_000,
    demandMs: 5_000,
    pauseMs: { cold: 1_000, warm: 4_000 },
    onFailure: (error) => state.failures.push(String(error)),
  });
  return Object.assign(state, { get: () => value.get(), demand: () => value.demand() });
}

describe('RefreshingValue', () => {
  it('reads at the first use, and again once the value is stale', async () => {
    const from = source();
    expect(await from.get()).toEqual({ value: 1, wasJustRead: true });
    vi.advanceTimersByTime(59_999);
    expect(await from.get()).toEqual({ value: 1, wasJustRead: false });
    vi.advanceTimersByTime(1);
    expect(await from.get()).toEqual({ value: 2, wasJustRead: true });
  });

  it('shortens ttlMs by up to a tenth', async () => {
    vi.mocked(Math.random).mockReturnValue(0.999_999);
    const from = source();
    await from.get();
    vi.advanceTimersByTime(53_999);
    expect(await from.get()).toMatchObject({ value: 1 });
    vi.advanceTimersByTime(2);
    expect(await from.get()).toMatchObject({ value: 2 });
  });

  it('reads once for concurrent callers', async () => {
    const from = source();
    const values = await Promise.all([from.get(), from.demand(), from.get(), from.demand()]);
    expect(values).toEqual([{ value: 1, wasJustRead: true }, 1, { value: 1, wasJustRead: true }, 1]);
    expect(from.reads).toBe(1);
  });

  it('reads a fresh value again on demand, but at most once in demandMs', async () => {
    const from = source();
    await from.get();
    expect(await from.demand()).toBe(2);
    vi.advanceTimersByTime(4_999);
    expect(await from.demand()).toBe(2);
    vi.advanceTimersByTime(1);
    expect(await from.demand()).toBe(3);
  });

  it('rejects with the error of the read if there is no value', async () => {
    const from = source();
    from.fails = true;
    await expect(from.get()).rejects.toThrow('read 1 failed');
    expect(from.failures).toEqual(['Error: read 1 failed']);
  });

  it('pauses after a failed read: pauseMs.cold without a usable value, pauseMs.warm with one', async () => {
    const from = source();
    from.fails = true;
    await expect(from.get()).rejects.toThrow('read 1 failed');
    vi.advanceTimersByTime(999);
    await expect(from.get()).rejects.toThrow('read 1 failed');
    vi.advanceTimersByTime(1);
    from.fails = false;
    expect(await from.get()).toMatchObject({ value: 2 });
    from.fails = true;
    vi.advanceTimersByTime(60_000);
    expect(await from.get()).toEqual({ value: 2, wasJustRead: true });
    vi.advanceTimersByTime(3_999);
    expect(await from.get()).toEqual({ value: 2, wasJustRead: false });
    expect(await from.demand()).toBe(2);
    expect(from.reads).toBe(3);
    vi.advanceTimersByTime(1);
    await from.get();
    expect(from.reads).toBe(4);
  });

  it('stretches a pause by up to a quarter', async () => {
    vi.mocked(Math.random).mockReturnValue(0.999_999);
    const from = source();
    from.fails = true;
    await expect(from.get()).rejects.toThrow('read 1 failed');
    vi.advanceTimersByTime(1_249);
    await expect(from.get()).rejects.toThrow('read 1 failed');
    vi.advanceTimersByTime(1);
    await expect(from.get()).rejects.toThrow('read 2 failed');
  });

  it('ends the pause once a read succeeds', async () => {
    const from = source();
    from.fails = true;
    await expect(from.get()).rejects.toThrow();
    from.fails = false;
    vi.advanceTimersByTime(1_000);
    expect(await from.get()).toMatchObject({ value: 2 });
    expect(await from.demand()).toBe(3);
  });

  it('uses a stale value for staleMs while reads fail, and no longer', async () => {
    const from = source();
    await from.get();
    from.fails = true;
    vi.advanceTimersByTime(959_999);
    expect(await from.get()).toMatchObject({ value: 1 });
    vi.advanceTimersByTime(1);
    await expect(from.get()).rejects.toThrow('read 2 failed');
    await expect(from.demand()).rejects.toThrow();
    from.fails = false;
    vi.advanceTimersByTime(1_000);
    expect(await from.get()).toMatchObject({ wasJustRead: true });
  });

  it('is fresh again once a read succeeds after an outage', async () => {
    const from = source();
    await from.get();
    from.fails = true;
    vi.advanceTimersByTime(600_000);
    await from.get();
    from.fails = false;
    vi.advanceTimersByTime(4_000);
    expect(await from.get()).toEqual({ value: 3, wasJustRead: true });
    vi.advanceTimersByTime(59_999);
    expect(await from.get()).toEqual({ value: 3, wasJustRead: false });
  });

  it('aborts a read that exceeds timeoutMs', async () => {
    const from = source();
    from.hangs = true;
    const waiting = expect(from.get()).rejects.toThrow('No answer within 3000 ms.');
    await vi.advanceTimersByTimeAsync(2_999);
    expect(from.signals[0]?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
    expect(from.signals[0]?.aborted).toBe(true);
  });

  it('leaves no timer behind', async () => {
    const from = source();
    await from.get();
    from.fails = true;
    await from.demand();
    expect(vi.getTimerCount()).toBe(0);
  });
});
