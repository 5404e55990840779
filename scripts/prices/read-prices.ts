import type { ModelInfo, ModelPrice } from '@pydantic/genai-prices';

/** A price as core has it, in US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly cacheWrite1h?: number;
  readonly longContext?: Price & { readonly above: number };
}

/** Prices by model id without geography: of the global profiles, and of everything else. */
export interface PriceTable {
  readonly regional: Readonly<Record<string, Price>>;
  readonly global: Readonly<Record<string, Price>>;
}

/** Ids of Bedrock that the source writes in another way. */
const idsOfBedrock: Readonly<Record<string, string>> = {
  'anthropic.claude-opus-4-5-v1:0': 'anthropic.claude-opus-4-5-20251101-v1:0',
  'anthropic.claude-opus-4-6-v1:0': 'anthropic.claude-opus-4-6-v1',
  'anthropic.claude-opus-4-7-v1:0': 'anthropic.claude-opus-4-7',
  'anthropic.claude-opus-4-8-v1:0': 'anthropic.claude-opus-4-8',
  'anthropic.claude-sonnet-4-6-v1:0': 'anthropic.claude-sonnet-4-6',
  'anthropic.claude-sonnet-5-v1:0': 'anthropic.claude-sonnet-5',
  'anthropic.claude-fable-5-v1:0': 'anthropic.claude-fable-5',
  'anthropic.claude-fable-5-1-v1:0': 'anthropic.claude-fable-5-1',
  'nvidia.nemotron-nano-3-30b:0': 'nvidia.nemotron-nano-3-30b',
  'nvidia.nemotron-nano-9b-v2:0': 'nvidia.nemotron-nano-9b-v2',
  'nvidia.nemotron-super-3-120b:0': 'nvidia.nemotron-super-3-120b',
};

/** The prices of Bedrock's models that hold at `date`. The source marks the models whose global profile has a price of its own. */
export function readPrices(models: readonly ModelInfo[], date: string): PriceTable {
  const table = { regional: {} as Record<string, Price>, global: {} as Record<string, Price> };
  for (const { id, prices } of models) {
    const [, scope, name = id] = /^(regional|global)\.(.+)$/.exec(id) ?? [];
    const price = priceOf(pricesAt(prices, date));
    for (const each of [name, idsOfBedrock[name] ?? name]) {
      table[scope === 'global' ? 'global' : 'regional'][each] = price;
    }
  }
  return { regional: sorted(table.regional), global: sorted(table.global) };
}

/** The last prices that have begun. */
function pricesAt(prices: ModelInfo['prices'], date: string): ModelPrice {
  if (!Array.isArray(prices)) return prices;
  const begun = prices.filter(({ constraint }) => {
    if (constraint?.type === 'time_of_date')
      throw new Error('A price depends on the time of day, which is not supported.');
    return constraint === undefined || constraint.start_date <= date;
  });
  const last = begun.at(-1);
  if (!last) throw new Error('No price holds yet.');
  return last.prices;
}

const members = {
  input: 'input_mtok',
  output: 'output_mtok',
  cacheRead: 'cache_read_mtok',
  cacheWrite: 'cache_write_mtok',
  cacheWrite1h: 'cache_write_1h_mtok',
} as const;

function priceOf(prices: ModelPrice): Price {
  const starts = new Set<number>();
  const [base, long]: [Record<string, number>, Record<string, number>] = [{}, {}];
  for (const [member, name] of Object.entries(members)) {
    const price = prices[name];
    if (price === undefined) continue;
    base[member] = typeof price === 'number' ? price : price.base;
    long[member] = base[member];
    if (typeof price === 'number') continue;
    for (const tier of price.tiers) {
      starts.add(tier.start);
      long[member] = tier.price;
    }
  }
  // A model of embeddings has no output.
  const complete = { input: 0, output: 0, ...base } as unknown as Price;
  const [above, ...others] = starts;
  if (above === undefined) return complete;
  if (others.length > 0) throw new Error('A price has more than one tier, which is not supported.');
  return { ...complete, longContext: { above, input: 0, output: 0, ...long } as unknown as Price & { above: number } };
}

function sorted(prices: Readonly<Record<string, Price>>): Readonly<Record<string, Price>> {
  return Object.fromEntries(Object.entries(prices).sort(([one], [other]) => (one < other ? -1 : 1)));
}
