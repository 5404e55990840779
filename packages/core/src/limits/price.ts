import { modelGlobs } from '../access/model-globs.js';
import type { Usage } from '../ports/model-invoker.js';

/** US dollars per million tokens. */
export interface TokenPrices {
  readonly input: number;
  readonly output: number;
  /** Tokens that were read from the prompt cache. `input` by default. */
  readonly cacheRead?: number;
  /** Tokens that were written to the prompt cache. `input` by default. */
  readonly cacheWrite?: number;
  /** Tokens that were written for an hour. 1.6 times `cacheWrite` by default, as Claude has it, or else `input`. */
  readonly cacheWrite1h?: number;
}

/** The price of a model. */
export interface Price extends TokenPrices {
  /** Holds for requests with more than `above` input tokens, cached ones included. */
  readonly longContext?: TokenPrices & { readonly above: number };
}

/** Prices by glob of a model id. The first match holds. */
export type Prices = Readonly<Record<string, Price>>;

/** Prices by whole model id without geography: of the global profiles, and of everything else. */
export interface BuiltInPrices {
  readonly regional: Prices;
  readonly global: Prices;
}

/** A price for a model id; undefined if there is none. */
export type FindPrice = (modelId: string) => Price | undefined;

const geography = /^(?:(global)|us|eu|apac|jp|au|ca|in|us-gov)\./;

/** Finds prices by glob in `prices`, then by the whole id in `builtIn`. */
export function priceFinder(prices: Prices, builtIn: BuiltInPrices): FindPrice {
  const globs = Object.entries(prices).map(([glob, price]) => ({ matches: modelGlobs([glob]), price }));
  return (modelId) => {
    const own = globs.find(({ matches }) => matches(modelId))?.price;
    if (own) return own;
    const isGlobal = geography.exec(modelId)?.[1] !== undefined;
    const names = isGlobal ? builtIn.global : builtIn.regional;
    const name = modelId.replace(geography, '');
    return Object.hasOwn(names, name) ? names[name] : undefined;
  };
}

/** Dollars per million tokens are thousands of nano-dollars per token. */
const nanoPerToken = 1_000;

/** What these tokens cost, in nano-dollars, rounded up. */
export function nanoCost(price: Price, usage: Usage, factor = 1): number {
  const {
    inputTokens = 0,
    outputTokens = 0,
    cacheReadTokens = 0,
    cacheWriteTokens = 0,
    cacheWrite1hTokens = 0,
  } = usage;
  const { longContext } = price;
  const isLong = longContext && inputTokens + cacheReadTokens + cacheWriteTokens > longContext.above;
  const { input, output, cacheRead = input, cacheWrite, cacheWrite1h } = isLong ? longContext : price;
  const write1h = cacheWrite1h ?? (cacheWrite === undefined ? input : cacheWrite * 1.6);
  const hours = Math.min(cacheWrite1hTokens, cacheWriteTokens);
  const dollars =
    inputTokens * input +
    outputTokens * output +
    cacheReadTokens * cacheRead +
    (cacheWriteTokens - hours) * (cacheWrite ?? input) +
    hours * write1h;
  // Less than a nano-dollar is an error of floating point.
  return Math.ceil(Math.round(dollars * factor * nanoPerToken * 1_000) / 1_000);
}
