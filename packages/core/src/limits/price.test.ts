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
    expect(nanoCost({ input: 0.0000009, output: 0 }, { inputTokens: 1 })).toBe(1);
    expect(nanoCost({ input: 0.3, output: 0 }, { inputTokens: 3 })).toBe(900);
    expect(nanoCost({ input: 1.1, output: 0 }, { inputTokens: 3 })).toBe(3_300);
  });

  it('is multiplied by a factor', () => {
    expect(nanoCost(claude, { inputTokens: 10 }, 0.5)).toBe(15_000);
  });
});

describe('priceFinder', () => {
  const [first, second, here, everywhere] = [1, 2, 3, 4].map((input) => ({ input, output: 0 }));
  const own = { '*haiku*': first ?? claude, 'amazon.*': second ?? claude };
  const find = priceFinder(own, {
    regional: { 'amazon.nova': claude, 'a.b-v1': here ?? claude },
    global: { 'a.b-v1': everywhere ?? claude, 'a.only': claude },
  });

  it.each([
    ['eu.anthropic.claude-haiku-4-5', first],
    ['amazon.nova', second],
    ['amazon.nova-haiku', first],
    ['a.b-v1', here],
    ['eu.a.b-v1', here],
    ['us-gov.a.b-v1', here],
    ['us.a.b-v1', here],
    ['apac.a.b-v1', here],
    ['jp.a.b-v1', here],
    ['au.a.b-v1', here],
    ['ca.a.b-v1', here],
    ['in.a.b-v1', here],
    ['global.a.b-v1', everywhere],
    ['global.a.only', claude],
    ['a.only', undefined],
    ['a.b-v2', undefined],
    ['a.b', undefined],
    ['xx.a.b-v1', undefined],
    ['eu.eu.a.b-v1', undefined],
    ['a.us.b-v1', undefined],
    ['arn:aws:bedrock:us-east-1::foundation-model/a.b-v1', undefined],
    ['toString', undefined],
  ])('finds for %s the first match of its own, else the built-in price of the whole id', (id, price) => {
    expect(find(id)).toBe(price);
  });
});

it('has built-in prices of the models that are used most', async () => {
  const { builtInPrices, pricesOf } = await import('./built-in-prices.js');
  expect(pricesOf).toMatch(/^20\d\d-\d\d-\d\d$/);
  const find = priceFinder({}, builtInPrices);
  expect(find('global.anthropic.claude-haiku-4-5-20251001-v1:0')).toMatchObject({
    input: 1,
    output: 5,
    cacheRead: 0.1,
  });
  expect(find('eu.anthropic.claude-haiku-4-5-20251001-v1:0')).toMatchObject({ input: 1.1, output: 5.5 });
  expect(find('us.amazon.nova-lite-v1:0')).toMatchObject({ input: 0.06, output: 0.24 });
  expect(find('anthropic.claude-opus-4-7')).toEqual(find('us.anthropic.claude-opus-4-7'));
  expect(find('amazon.titan-embed-text-v2:0')).toBeUndefined();
});
