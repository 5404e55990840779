import { isJsonObject } from '../models/json-object.js';
import type { Prices } from './price.js';

const amounts = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h'];

/**
 * Prices of unknown origin, checked to the last member: a misspelled one would be ignored. Throws a `TypeError` that names the place and
 * no value.
 */
export function parsePrices(value: unknown): Prices {
  if (!isJsonObject(value)) throw new TypeError('Prices must be an object: {"model id": {"input": …, "output": …}}.');
  for (const [index, price] of Object.values(value).entries()) {
    const place = `Price ${index + 1}`;
    check(price, place, [...amounts, 'longContext']);
    const { longContext } = price;
    if (longContext === undefined) continue;
    check(longContext, `${place}.longContext`, [...amounts, 'above'], 'above');
  }
  return value as Prices;
}

function check(
  value: unknown,
  place: string,
  known: readonly string[],
  ...required: readonly string[]
): asserts value is Readonly<Record<string, unknown>> {
  if (!isJsonObject(value)) throw new TypeError(`${place} must be an object.`);
  for (const name of ['input', 'output', ...required]) {
    if (!(name in value)) throw new TypeError(`${place} must have ${name}.`);
  }
  for (const [name, amount] of Object.entries(value)) {
    if (!known.includes(name)) throw new TypeError(`${place} has a member that is none of ${known.join(', ')}.`);
    if (name === 'longContext') continue;
    const isAmount = typeof amount === 'number' && Number.isFinite(amount) && amount >= 0;
    if (!isAmount) throw new TypeError(`${place}.${name} must be a number of at least 0.`);
  }
}
