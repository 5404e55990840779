import { expect, it } from 'vitest';
import { parsePrices } from './parse-prices.js';

const price = { input: 1, output: 2 };

it('takes prices with all members', () => {
  const longContext = { above: 200_000, input: 2, output: 4, cacheRead: 0.2 };
  const prices = {
    '*': price,
    'a.*': { input: 0, output: 2, cacheRead: 0.1, cacheWrite: 1.25, cacheWrite1h: 2, longContext },
  };
  expect(parsePrices(prices)).toBe(prices);
  expect(parsePrices({})).toEqual({});
});

it.each([
  [[], 'Prices must be an object'],
  [null, 'Prices must be an object'],
  [{ a: price, b: 5 }, 'Price 2 must be an object.'],
  [{ a: { input: 1 } }, 'Price 1 must have output.'],
  [{ a: { output: 1 } }, 'Price 1 must have input.'],
  [
    { a: { ...price, cachedRead: 1 } },
    'Price 1 has a member that is none of input, output, cacheRead, cacheWrite, cacheWrite1h, longContext.',
  ],
  [{ a: { ...price, above: 1 } }, 'Price 1 has a member that is none of'],
  [{ a: { input: -1, output: 1 } }, 'Price 1.input must be a number of at least 0.'],
  [{ a: { input: 1, output: '1' } }, 'Price 1.output must be a number of at least 0.'],
  [{ a: { input: 1, output: Infinity } }, 'Price 1.output must be a number of at least 0.'],
  [{ a: { ...price, longContext: 5 } }, 'Price 1.longContext must be an object.'],
  [{ a: { ...price, longContext: price } }, 'Price 1.longContext must have above.'],
  [{ a: { ...price, longContext: { ...price, above: 1, longContext: 1 } } }, 'Price 1.longContext has a member'],
])('refuses %j', (value, message) => {
  expect(() => parsePrices(value)).toThrow(TypeError);
  expect(() => parsePrices(value)).toThrow(message);
});
