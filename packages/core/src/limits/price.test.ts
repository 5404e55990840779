import { describe, expect, it } from 'vitest';
import { nanoCost, priceFinder } from './price.js';

const claude = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };

describe('nanoCost', () => {
  it.each([
    [{ inputTokens: 1 }, 3_000],
    [{ outputTokens: 2 }, 30_000],
    [{ cacheReadTokens: 3 }, 900],
    [{ cacheWriteTokens: 4 }, 15_000],
    [{ cacheWriteTokens: 4, cacheWrite1hTokens: 3 }, 3_750 + 3 * 6_000],
    [{ cacheWriteTokens: 2, cacheWrite1hTokens: 3 }, 2 * 6_000],
    [{ inputTokens: 1_000, outputTokens: 500, cacheReadTokens: 10 }, 3_000_000 + 7_500_000 + 3_000],
    [{}, 0],
  ])('of %j is %i nano-dollars', (usage, nano) => {
    expect(nanoCost(claude, usage)).toBe(nano);
  });

  it('takes the price of input for a cache that has none', () => {
    const usage = { cacheReadTokens: 1, cacheWriteTokens: 5, cacheWrite1hTokens: 2 };
    expect(nanoCost({ input: 2, output: 9 }, usage)).toBe(6 * 2_000);
    expect(nanoCost({ input: 2, output: 9, cacheWrite1h: 7 }, usage)).toBe(4 * 2_000 + 2 * 7_000);
  });

  it('takes the price of a long context above its bound, cached input included', () => {
    const price = { ...claude, longContext: { above: 10, input: 6, output: 22.5 } };
    expect(nanoCost(price, { inputTokens: 4, cacheReadTokens: 3, cacheWriteTokens: 3, outputTokens: 1 })).toBe(
      12_000 + 900 + 11_250 + 15_000,
    );
    expect(nanoCost(price, { inputTokens: 5, cacheReadTokens: 3, cacheWriteTokens: 3, outputTokens: 1 })).toBe(
      11 * 6_000 + 22_500,
    );
  });

  it('rounds up to a whole nano-dollar, but not for an error of floating point', () => {
    expect(nanoCost({ input: 0.0001, output: 0 }, { inputTokens: 1 })).toBe(1);
    expect(nanoCost({ input: 0.3, output: 0 }, { inputTokens: 3 })).toBe(900);
  });

  it('is multiplied by a factor', () => {
    expect(nanoCost(claude, { inputTokens: 10 }, 0.5)).toBe(15_000);
  });
});

describe('priceFinder', () => {
  const [first, second, builtIn] = [1, 2, 3].map((input) => ({ input, output: 0 }));
  const find = priceFinder(
    { '*haiku*': first ?? claude, 'amazon.*': second ?? claude },
    { 'amazon.nova': claude, 'a.b': builtIn ?? claude },
  );

  it.each([
    ['eu.anthropic.claude-haiku-4-5', first],
    ['amazon.nova', second],
    ['amazon.nova-haiku', first],
    ['a.b', builtIn],
    ['a.bc', undefined],
    ['toString', undefined],
  ])('finds for %s the first match of its own, else the built-in price of the whole id', (id, price) => {
    expect(find(id)).toBe(price);
  });
});
