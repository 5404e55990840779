import type { CounterUpdate, LimitStore } from '@bedrock-proxy/core/limits';
import { describe, expect, it, onTestFinished } from 'vitest';

/** A store for one test, with nothing in it that other tests use. */
export interface LimitStoreSubject {
  readonly store: LimitStore;
  stop?(): void | Promise<void>;
}

export type LimitStoreSetup = () => LimitStoreSubject | Promise<LimitStoreSubject>;

const never = new AbortController().signal;
let keys = 0;

/**
 * Declares the tests that every `LimitStore` must pass. Call it in a vitest file. The tests are in a `describe` with this name. Each test
 * uses keys of its own.
 */
export function testLimitStore(name: string, setup: LimitStoreSetup): void {
  /** A key that no other test uses, and the updates of it. */
  async function arrange() {
    const subject = await setup();
    onTestFinished(() => subject.stop?.());
    const key = `p|${name}|${++keys}|${Date.now()}`;
    const expiresAt = Math.ceil(Date.now() / 1_000) + 3_600;
    const update = (change: Omit<CounterUpdate, 'expiresAt'>, signal = never, ofKey = key) =>
      subject.store.update(ofKey, { ...change, expiresAt }, signal);
    return { update, key };
  }

  /** The counters of a refused update, which a store may leave out. */
  const asFound = (counters: Readonly<Record<string, number>>) =>
    expect.toSatisfy(({ counters: found }: { counters?: object }) => {
      if (found !== undefined) expect(found).toEqual(counters);
      return true;
    });

  describe(name, () => {
    it('adds to counters that are not there, and returns all counters', async () => {
      const { update } = await arrange();
      expect(await update({ add: { a: 2 } })).toEqual({ applied: true, counters: { a: 2 } });
      expect(await update({ add: { a: 3, b: 1 } })).toEqual({ applied: true, counters: { a: 5, b: 1 } });
    });

    it('subtracts, also below zero', async () => {
      const { update } = await arrange();
      await update({ add: { a: 2 } });
      expect(await update({ add: { a: -5, b: -1 } })).toEqual({ applied: true, counters: { a: -3, b: -1 } });
    });

    it('counts whole numbers of fifteen digits exactly', async () => {
      const { update } = await arrange();
      await update({ add: { a: 9_000_000_000_000_000 } });
      expect(await update({ add: { a: 1 } })).toMatchObject({ counters: { a: 9_000_000_000_000_001 } });
    });

    it('keeps keys apart', async () => {
      const { update, key } = await arrange();
      await update({ add: { a: 2 } });
      expect(await update({ add: { a: 1 } }, never, `${key}-other`)).toMatchObject({ counters: { a: 1 } });
    });

    it('removes counters, also those that are not there', async () => {
      const { update } = await arrange();
      await update({ add: { a: 2, b: 3 } });
      expect(await update({ add: { b: 1 }, remove: ['a', 'c'] })).toEqual({ applied: true, counters: { b: 4 } });
    });

    it('changes nothing if there is nothing to add, and returns the counters', async () => {
      const { update } = await arrange();
      expect(await update({ add: {} })).toEqual({ applied: true, counters: {} });
      await update({ add: { a: 2 } });
      expect(await update({ add: {} })).toEqual({ applied: true, counters: { a: 2 } });
    });

    it('applies an update whose bounds hold, and no other', async () => {
      const { update } = await arrange();
      await update({ add: { a: 5 } });
      const when = (atMost: number) => [[[{ counter: 'a', atMost }]]];
      expect(await update({ add: { a: 1, b: 1 }, remove: ['a2'], when: when(4) })).toMatchObject({ applied: false });
      expect(await update({ add: { a: 1, b: 1 }, when: when(4) })).toEqual(asFound({ a: 5 }));
      expect(await update({ add: { a: 1 }, when: when(5) })).toEqual({ applied: true, counters: { a: 6 } });
      const least = (atLeast: number) => [[[{ counter: 'a', atLeast }]]];
      expect(await update({ add: { a: 1 }, when: least(7) })).toMatchObject({ applied: false });
      expect(await update({ add: { a: 1 }, when: least(6) })).toEqual({ applied: true, counters: { a: 7 } });
    });

    it.each([
      ['at most 0', { atMost: 0 }, true],
      ['at most -1', { atMost: -1 }, false],
      ['at least 0', { atLeast: 0 }, true],
      ['at least 1', { atLeast: 1 }, false],
    ])('takes a counter that is not there as 0: %s', async (_name, bound, applied) => {
      const { update } = await arrange();
      const when = [[[{ counter: 'none', ...bound }]]];
      expect(await update({ add: { a: 1 }, when })).toMatchObject({ applied });
      await update({ add: { other: 1 } });
      expect(await update({ add: { a: 1 }, when })).toMatchObject({ applied });
    });

    it('applies an update if all conditions have an alternative of which all bounds hold', async () => {
      const { update } = await arrange();
      await update({ add: { a: 1, b: 1 } });
      const [a0, a1, b0, b1] = [
        { counter: 'a', atMost: 0 },
        { counter: 'a', atMost: 1 },
        { counter: 'b', atMost: 0 },
        { counter: 'b', atMost: 1 },
      ];
      const applies = async (when: CounterUpdate['when']) => (await update({ add: {}, ...(when && { when }) })).applied;
      expect(await applies([[[a0], [b1]]])).toBe(true);
      expect(
        await applies([
          [
            [a0, b1],
            [a1, b0],
          ],
        ]),
      ).toBe(false);
      expect(await applies([[[a1, b1]]])).toBe(true);
      expect(await applies([[[a1]], [[b0]]])).toBe(false);
      expect(await applies([[[a1]], [[b0], [b1]]])).toBe(true);
      expect(await applies([[]])).toBe(false);
      expect(await applies([])).toBe(true);
    });

    it('admits exactly as many of 400 concurrent updates as there is room for', async () => {
      const { update } = await arrange();
      const results = await Promise.all(
        Array.from({ length: 400 }, () => update({ add: { n: 1 }, when: [[[{ counter: 'n', atMost: 149 }]]] })),
      );
      expect(results.filter(({ applied }) => applied)).toHaveLength(150);
      expect(await update({ add: {} })).toEqual({ applied: true, counters: { n: 150 } });
    });

    it('takes the condition of every limit at once', async () => {
      const { update } = await arrange();
      const staircase = (counter: string, steps: number) =>
        Array.from({ length: steps }, (_, step) => [
          { counter: `${counter}29401234`, atMost: step * 1_000_000 },
          { counter: `${counter}29401235`, atMost: 9_000_000 - step * 1_000 },
        ]);
      const totals = ['n', 'd20261126', 'm202611', 'D20261126', 'M202611'].map((counter) => [
        [{ counter, atMost: 9_000_000_000_000_000 }],
      ]);
      const when = [staircase('r', 9), staircase('t', 17), ...totals];
      expect(await update({ add: { r29401235: 1 }, when })).toEqual({ applied: true, counters: { r29401235: 1 } });
    });

    it('takes the name of any counter, and any key of 512 bytes', async () => {
      const { update, key } = await arrange();
      const counters = { 'h20261126.29401235': 1, H: 2, x1: 3, k1: 4, size: 5 };
      expect(await update({ add: counters }, never, key.padEnd(512, 'é%|*'))).toEqual({ applied: true, counters });
    });

    it('rejects if the update was given up', async () => {
      const { update } = await arrange();
      await expect(update({ add: { a: 1 } }, AbortSignal.abort(new Error('given up')))).rejects.toThrow();
    });
  });
}
