import { readFileSync } from 'node:fs';
import { findProvider } from '@pydantic/genai-prices';
import { describe, expect, it } from 'vitest';
import { builtInPrices, pricesOf } from '../../packages/core/src/limits/built-in-prices.ts';
import { readPrices } from './read-prices.ts';
import { pricesFile, renderPrices } from './render-prices.ts';

const models = findProvider({ providerId: 'aws' })?.models ?? [];
const model = (id: string, prices: (typeof models)[number]['prices']) => ({ id, match: { equals: id }, prices });

describe('the built-in prices', () => {
  it('are those of the pinned package on their day', () => {
    expect(readPrices(models, pricesOf)).toEqual(builtInPrices);
    expect(readFileSync(pricesFile, 'utf8')).toBe(renderPrices(models, pricesOf));
  });
});

describe('readPrices', () => {
  it('keeps the prices of global profiles apart', () => {
    const prices = readPrices(
      [
        model('global.a.b', { input_mtok: 1, output_mtok: 2 }),
        model('regional.a.b', { input_mtok: 1.1, output_mtok: 2.2, cache_read_mtok: 0.11 }),
        model('c.d', { input_mtok: 5 }),
      ],
      '2026-11-26',
    );
    expect(prices).toEqual({
      regional: { 'a.b': { input: 1.1, output: 2.2, cacheRead: 0.11 }, 'c.d': { input: 5, output: 0 } },
      global: { 'a.b': { input: 1, output: 2 } },
    });
  });

  it('takes the last price that has begun', () => {
    const since = (start_date: string) => ({
      constraint: { type: 'start_date', start_date } as const,
      prices: { input_mtok: Number(start_date.slice(-2)) },
    });
    const prices = [{ prices: { input_mtok: 99 } }, since('2026-01-01'), since('2026-01-15'), since('2026-01-20')];
    expect(readPrices([model('a.b', prices)], '2026-01-15').regional).toEqual({ 'a.b': { input: 15, output: 0 } });
    expect(readPrices([model('a.b', prices)], '2025-01-15').regional).toEqual({ 'a.b': { input: 99, output: 0 } });
  });

  it('reads the tier of long contexts', () => {
    const tiers = (base: number, price: number) => ({ base, tiers: [{ start: 200_000, price }] });
    expect(
      readPrices(
        [model('a.b', { input_mtok: tiers(3, 6), output_mtok: tiers(15, 22.5), cache_read_mtok: 0.3 })],
        '2026-01-15',
      ).regional,
    ).toEqual({
      'a.b': {
        input: 3,
        output: 15,
        cacheRead: 0.3,
        longContext: { above: 200_000, input: 6, output: 22.5, cacheRead: 0.3 },
      },
    });
  });

  it('knows a model by the id that Bedrock gives it', () => {
    const { regional } = readPrices(
      [model('regional.anthropic.claude-opus-4-7-v1:0', { input_mtok: 5 })],
      '2026-01-15',
    );
    expect(Object.keys(regional)).toEqual(['anthropic.claude-opus-4-7', 'anthropic.claude-opus-4-7-v1:0']);
  });
});
