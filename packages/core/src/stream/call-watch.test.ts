import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isProxyError } from '../errors/proxy-error.js';
import { type CallLimits, type CallWatch, ReaderGone, watchCall } from './call-watch.js';

const limits: CallLimits = { firstEventTimeoutMs: 1_000, idleTimeoutMs: 400 };
const never = () => new Promise<never>(() => undefined);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  // No timer outlives its call, whatever became of it.
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** How a wait has ended by now. */
function follow(work: Promise<unknown>): { outcome: unknown } {
  const followed: { outcome: unknown } = { outcome: 'waiting' };
  work.then(
    (value) => {
      followed.outcome = value;
    },
    (error: unknown) => {
      followed.outcome = isProxyError(error) || error instanceof ReaderGone ? error.code : error;
    },
  );
  return followed;
}

/** Expects a wait to be given up `ms` from now and not a millisecond before. */
async function expectGivenUp(watch: CallWatch, wait: { readonly outcome: unknown }, ms: number, code: string) {
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect(wait.outcome).toBe('waiting');
  expect(watch.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(wait.outcome).toBe(code);
  expect(watch.signal.reason).toMatchObject({ code });
}

describe('a call is given up', () => {
  it('when its first event does not come', async () => {
    const watch = watchCall({ ...limits, firstEventTimeoutMs: 120_000 });
    watch.enter('first-event');
    await expectGivenUp(watch, follow(watch.wait(never())), 120_000, 'upstream_timeout');
    expect(watch.signal.reason.message).toBe('The model sent nothing for 120 s. Send again, or ask for less.');
  });

  it('when the next event does not come', async () => {
    const watch = watchCall({ ...limits, idleTimeoutMs: 440 });
    watch.enter('between-events');
    await expectGivenUp(watch, follow(watch.wait(never())), 440, 'upstream_timeout');
    expect(watch.signal.reason.message).toMatch(/^The model sent nothing more for 0\.4 s\. The answer is incomplete/);
  });

  it('at its deadline, whatever it is doing', async () => {
    for (const phase of ['unbounded', 'first-event', 'between-events'] as const) {
      const watch = watchCall({ ...limits, deadlineAt: performance.now() + 300 });
      watch.enter(phase);
      await expectGivenUp(watch, follow(watch.wait(never())), 300, 'deadline_exceeded');
    }
    const writing = watchCall({ ...limits, deadlineAt: performance.now() + 300 });
    writing.beginWrite();
    await vi.advanceTimersByTimeAsync(300);
    expect(writing.signal.reason).toMatchObject({ code: 'deadline_exceeded' });
  });

  it('at once where the deadline has passed already', async () => {
    const set = vi.spyOn(globalThis, 'setTimeout');
    const watch = watchCall({ ...limits, deadlineAt: performance.now() + -5 });
    watch.enter('first-event');
    // Node warns of a delay below zero.
    expect(set.mock.lastCall?.[1]).toBe(0);
    const wait = follow(watch.wait(never()));
    await vi.advanceTimersByTimeAsync(1);
    expect(wait.outcome).toBe('deadline_exceeded');
  });

  it('for its deadline where two limits end together', async () => {
    const watch = watchCall({ ...limits, deadlineAt: performance.now() + 1_000 });
    watch.enter('first-event');
    await expectGivenUp(watch, follow(watch.wait(never())), 1_000, 'deadline_exceeded');
  });

  it('for its limit where a wake comes together with it', async () => {
    const watch = watchCall(limits);
    watch.enter('between-events');
    await expectGivenUp(watch, follow(watch.wait(never(), performance.now() + 400)), 400, 'upstream_timeout');
  });

  it('with the reason of its caller', async () => {
    const caller = new AbortController();
    const watch = watchCall(limits, caller.signal);
    watch.enter('first-event');
    const wait = follow(watch.wait(never()));
    const reason = new Error('enough');
    caller.abort(reason);
    await vi.advanceTimersByTimeAsync(0);
    expect(wait.outcome).toBe(reason);
    expect(watch.signal.reason).toBe(reason);
  });

  it('with what the reason of its caller is called on this side', () => {
    const caller = new AbortController();
    const reason = new ReaderGone('client_closed');
    const early = watchCall(limits, AbortSignal.abort('unheard of'), () => reason);
    const watch = watchCall(limits, caller.signal, ({ reason: given }) => [given, reason]);
    caller.abort('bored');
    expect(early.signal.reason).toBe(reason);
    expect(watch.signal.reason).toEqual(['bored', reason]);
  });

  it('before it begins where its caller had given up', async () => {
    const reason = new Error('too late');
    const watch = watchCall(limits, AbortSignal.abort(reason));
    expect(watch.signal.reason).toBe(reason);
    await expect(watch.wait(never())).rejects.toBe(reason);
  });

  it('once: what comes later changes nothing', async () => {
    const caller = new AbortController();
    const watch = watchCall(limits, caller.signal);
    watch.enter('between-events');
    await vi.advanceTimersByTimeAsync(400);
    const { reason } = watch.signal;
    caller.abort();
    watch.close();
    watch.enter('first-event');
    watch.beginWrite();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(watch.signal.reason).toBe(reason);
    await expect(watch.wait(Promise.resolve(1))).rejects.toBe(reason);
    await expect(watch.wait(Promise.reject(new Error('late')))).rejects.toBe(reason);
  });
});

describe('a limit', () => {
  it('counts from the phase that was entered last', async () => {
    const watch = watchCall(limits);
    watch.enter('first-event');
    await vi.advanceTimersByTimeAsync(900);
    watch.enter('between-events');
    await vi.advanceTimersByTimeAsync(399);
    watch.enter('between-events');
    await expectGivenUp(watch, follow(watch.wait(never())), 400, 'upstream_timeout');
  });

  it('that is nearer than the one before takes its timer over', () => {
    const watch = watchCall(limits);
    watch.enter('first-event');
    watch.enter('between-events');
    expect(vi.getTimerCount()).toBe(1);
    watch.close();
  });

  it('does not hold under unbounded', async () => {
    const watch = watchCall(limits);
    watch.enter('between-events');
    watch.enter('unbounded');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(watch.signal.aborted).toBe(false);
    watch.close();
  });

  it('does not hold under over, but the deadline does', async () => {
    const watch = watchCall({ ...limits, deadlineAt: performance.now() + 5_000 });
    watch.enter('between-events');
    watch.enter('over');
    await vi.advanceTimersByTimeAsync(4_999);
    expect(watch.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(watch.signal.reason).toMatchObject({ code: 'deadline_exceeded' });
  });

  it('of more than setTimeout can hold is waited for in steps that it can', () => {
    const set = vi.spyOn(globalThis, 'setTimeout');
    const watch = watchCall({
      firstEventTimeoutMs: 2 ** 40,
      idleTimeoutMs: 2 ** 40,
      deadlineAt: performance.now() + 2 ** 41,
    });
    watch.enter('first-event');
    // One millisecond more, and Node would fire at once.
    expect(set.mock.calls.map(([, delayMs]) => delayMs)).toEqual([2 ** 31 - 1]);
    watch.close();
  });

  it('costs one timer, however many events there are', async () => {
    const watch = watchCall({ ...limits, deadlineAt: performance.now() + 60_000 });
    const set = vi.spyOn(globalThis, 'setTimeout');
    for (let event = 0; event < 1_000; event += 1) {
      watch.enter('between-events');
      await watch.wait(Promise.resolve(event), performance.now() + 10_000);
      watch.enter('unbounded');
      watch.beginWrite();
      watch.endWrite();
    }
    expect(vi.getTimerCount()).toBe(1);
    expect(set.mock.calls.length).toBeLessThan(3);
    watch.close();
  });
});

describe('a write', () => {
  it('that its reader leaves waiting gives the call up for the reader', async () => {
    const watch = watchCall(limits);
    watch.enter('unbounded');
    watch.beginWrite();
    await vi.advanceTimersByTimeAsync(399);
    expect(watch.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(watch.signal.reason).toBeInstanceOf(ReaderGone);
    expect(watch.signal.reason).toMatchObject({ code: 'client_stalled', message: 'the client stopped reading' });
  });

  it('stops the clock of the phase, and lets it go on from where it stood', async () => {
    const watch = watchCall(limits);
    await vi.advanceTimersByTimeAsync(1_000);
    watch.enter('between-events');
    await vi.advanceTimersByTimeAsync(300);
    watch.beginWrite();
    await vi.advanceTimersByTimeAsync(350);
    watch.endWrite();
    await expectGivenUp(watch, follow(watch.wait(never())), 100, 'upstream_timeout');
  });

  it('that outlasts the phase hands it back with what was left of it, whether anybody waits or not', async () => {
    const watch = watchCall(limits);
    watch.enter('between-events');
    await vi.advanceTimersByTimeAsync(300);
    watch.beginWrite();
    await vi.advanceTimersByTimeAsync(150);
    watch.endWrite();
    await vi.advanceTimersByTimeAsync(99);
    expect(watch.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(watch.signal.reason).toMatchObject({ code: 'upstream_timeout' });
  });

  it('that takes no time takes nothing from the silence, as when pings go out', async () => {
    const watch = watchCall(limits);
    watch.enter('between-events');
    for (let ping = 0; ping < 3; ping += 1) {
      await vi.advanceTimersByTimeAsync(100);
      watch.beginWrite();
      watch.endWrite();
    }
    await expectGivenUp(watch, follow(watch.wait(never())), 100, 'upstream_timeout');
  });

  it('that is over does not end again', async () => {
    const watch = watchCall(limits);
    watch.enter('between-events');
    watch.endWrite();
    await vi.advanceTimersByTimeAsync(200);
    watch.endWrite();
    await expectGivenUp(watch, follow(watch.wait(never())), 200, 'upstream_timeout');
  });
});

describe('a wait', () => {
  it('settles as its work does', async () => {
    const watch = watchCall(limits);
    await expect(watch.wait(Promise.resolve(7))).resolves.toBe(7);
    const error = new Error('no');
    await expect(watch.wait(Promise.reject(error))).rejects.toBe(error);
    watch.close();
  });

  it('wakes at its time, and can be taken up again', async () => {
    const watch = watchCall(limits);
    watch.enter('first-event');
    const work = never();
    const first = follow(watch.wait(work, performance.now() + 150));
    await vi.advanceTimersByTimeAsync(149);
    expect(first.outcome).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(first.outcome).toBe('awake');
    const second = follow(watch.wait(work, performance.now() + 150));
    await vi.advanceTimersByTimeAsync(150);
    expect(second.outcome).toBe('awake');
    await expectGivenUp(watch, follow(watch.wait(work)), 700, 'upstream_timeout');
  });

  it('is given up whatever becomes of work that was waited for before', async () => {
    const watch = watchCall(limits);
    watch.enter('first-event');
    const early = Promise.withResolvers<void>();
    follow(watch.wait(early.promise, performance.now() + 50));
    await vi.advanceTimersByTimeAsync(50);
    const wait = follow(watch.wait(never()));
    early.resolve();
    await vi.advanceTimersByTimeAsync(0);
    await expectGivenUp(watch, wait, 950, 'upstream_timeout');
  });

  it('that woke leaves no timer behind where no limit holds', async () => {
    const watch = watchCall(limits);
    const wait = follow(watch.wait(never(), performance.now() + 50));
    await vi.advanceTimersByTimeAsync(50);
    expect(wait.outcome).toBe('awake');
    expect(vi.getTimerCount()).toBe(0);
    watch.close();
  });

  it('that woke lets the limit go on, though nobody waits', async () => {
    const watch = watchCall(limits);
    watch.enter('between-events');
    follow(watch.wait(never(), performance.now() + 150));
    await vi.advanceTimersByTimeAsync(399);
    expect(watch.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(watch.signal.reason).toMatchObject({ code: 'upstream_timeout' });
  });

  it('sets no timer where no limit holds', () => {
    const watch = watchCall(limits);
    follow(watch.wait(never()));
    expect(vi.getTimerCount()).toBe(0);
    watch.close();
  });

  it('keeps nothing of what its work settled with', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    const watch = watchCall(limits);
    const batch = await (async () => new WeakRef(await watch.wait(Promise.resolve({}))))();
    await setImmediate();
    collect();
    expect(batch.deref()).toBeUndefined();
    watch.close();
  });

  it('keeps nothing of what its work failed with', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    const watch = watchCall(limits);
    const failure = await watch.wait(Promise.reject({})).catch((error: object) => new WeakRef(error));
    await setImmediate();
    collect();
    expect(failure.deref()).toBeUndefined();
    watch.close();
  });

  it('wakes at once where its time has passed', async () => {
    const watch = watchCall(limits);
    const wait = follow(watch.wait(never(), performance.now() - 1));
    await vi.advanceTimersByTimeAsync(1);
    expect(wait.outcome).toBe('awake');
    watch.close();
  });

  it('without a time is not woken by an earlier one', async () => {
    const watch = watchCall(limits);
    await watch.wait(Promise.resolve(), performance.now() + 50);
    const wait = follow(watch.wait(never()));
    await vi.advanceTimersByTimeAsync(100);
    expect(wait.outcome).toBe('waiting');
    watch.close();
  });
});

describe('closing', () => {
  it('aborts a call that is still open, and may be repeated', () => {
    const watch = watchCall(limits);
    watch.enter('first-event');
    watch.close();
    expect(watch.signal.reason).toMatchObject({ code: 'client_closed', message: 'the client left' });
    watch.close();
  });

  it('aborts nothing that is over', () => {
    const watch = watchCall({ ...limits, deadlineAt: performance.now() + 5_000 });
    watch.enter('between-events');
    watch.enter('over');
    watch.close();
    expect(watch.signal.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves nothing on the signal of the caller', () => {
    const caller = new AbortController();
    const add = vi.spyOn(caller.signal, 'addEventListener');
    const remove = vi.spyOn(caller.signal, 'removeEventListener');
    watchCall(limits, caller.signal).close();
    expect(add).toHaveBeenCalledTimes(1);
    expect(remove.mock.calls).toEqual(add.mock.calls);
  });
});
