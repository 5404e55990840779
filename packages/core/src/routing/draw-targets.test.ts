import { describe, expect, it } from 'vitest';
import { drawTargets } from './draw-targets.js';

const targets = [
  { model: 'a', weight: 6 },
  { model: 'b', weight: 3 },
  { model: 'c', weight: 1 },
] as const;
const draws = 20_000;
/** Of chi-square with two degrees of freedom: a fair draw passes it once in 10,000. */
const critical = 18.4;

function chiSquare(firsts: readonly string[], weights: readonly number[]): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return ['a', 'b', 'c'].reduce((total, model, index) => {
    const expected = (firsts.length * (weights[index] ?? 0)) / sum;
    return total + (firsts.filter((first) => first === model).length - expected) ** 2 / expected;
  }, 0);
}

/** A generator of random numbers that gives the same ones each time. */
function seeded(): () => number {
  let state = 42;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe('the target that is tried first', () => {
  it('is drawn by weight, and the rest follow in their order', () => {
    const random = seeded();
    const orders = Array.from({ length: draws }, () => drawTargets(targets, undefined, 'p', random));
    expect(new Set(orders.map((order) => order.map(({ model }) => model).join('')))).toEqual(
      new Set(['abc', 'bac', 'cab']),
    );
    expect(
      chiSquare(
        orders.map(([first]) => first.model),
        [6, 3, 1],
      ),
    ).toBeLessThan(critical);
  });

  it('is any of them without weights', () => {
    const random = seeded();
    const even = [{ model: 'a' }, { model: 'b' }, { model: 'c' }] as const;
    const firsts = Array.from({ length: draws }, () => drawTargets(even, 'random', 'p', random)[0].model);
    expect(chiSquare(firsts, [1, 1, 1])).toBeLessThan(critical);
  });

  it('is the same for each call of a caller, and spread over callers by weight', () => {
    const first = (principal: string) => drawTargets(targets, 'caller', principal)[0].model;
    const callers = Array.from({ length: draws }, (_, index) => `caller-${index}`);
    expect(callers.map(first)).toEqual(callers.map(first));
    expect(chiSquare(callers.map(first), [6, 3, 1])).toBeLessThan(critical);
  });

  it('stays the same for a caller if another target goes', () => {
    const callers = Array.from({ length: 1_000 }, (_, index) => `caller-${index}`);
    for (const caller of callers) {
      const [first] = drawTargets(targets, 'caller', caller);
      if (first.model === 'c') continue;
      expect(drawTargets([targets[0], targets[1]], 'caller', caller)[0]).toBe(first);
    }
  });
});
