import type { Price } from './price.js';

export const builtInPrices: Readonly<Record<string, Price>> = {};
