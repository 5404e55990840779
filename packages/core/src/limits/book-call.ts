import type { CallOutcome } from '../access/access-policy.js';
import type { ModelTarget, ServedBy, Usage } from '../ports/model-invoker.js';
import { hasUnknownPrice } from './has-unknown-price.js';
import { type FindPrice, nanoCost, type Price } from './price.js';

/** What one call can use at most. */
export interface MostUse {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What a call used. */
export interface BookedUse {
  readonly tokens: number;
  /** In nano-dollars; undefined if a price is missing. */
  readonly nano: number | undefined;
}

/** A target of a call, with its price. */
export interface PricedTarget {
  readonly target: ModelTarget;
  readonly price: Price | undefined;
}

export function pricedTargets(targets: readonly ModelTarget[], findPrice: FindPrice): readonly PricedTarget[] {
  return targets.map((target) => ({
    target,
    price: hasUnknownPrice(target) ? undefined : findPrice(target.pricedAs ?? target.model),
  }));
}

/** What a call costs at the dearest of its targets, in nano-dollars: its input, and all. A target without a price costs nothing. */
export function mostCost(targets: readonly PricedTarget[], { inputTokens, outputTokens }: MostUse) {
  const costs = targets.map(({ target: { priceFactor }, price }) => ({
    inputNano: price ? nanoCost(price, { inputTokens }, priceFactor) : 0,
    mostNano: price ? nanoCost(price, { inputTokens, outputTokens }, priceFactor) : 0,
  }));
  const [dearest = { inputNano: 0, mostNano: 0 }] = costs.sort((one, other) => other.mostNano - one.mostNano);
  return dearest;
}

/** What a call used: of the target that answered, and of those that failed before. */
export function bookCall(
  targets: readonly PricedTarget[],
  usage: Usage,
  outcome: CallOutcome,
  most: MostUse,
): BookedUse {
  const failed = (outcome.failed ?? []).flatMap((attempt) =>
    attempt.usage ? [{ ...attempt, usage: attempt.usage }] : [],
  );
  const parts = [
    ...failed.map((attempt) => ({ usage: attempt.usage, servedBy: attempt })),
    ...(outcome.accepted ? [{ usage: answerUsage(usage, outcome, most), servedBy: outcome.served }] : []),
  ].map(({ usage: counts, servedBy }) => ({ counts, priced: pricedAs(targets, servedBy) }));
  const costs = parts.map(
    ({ counts, priced }) => priced?.price && nanoCost(priced.price, counts, priced.target.priceFactor),
  );
  return {
    tokens: parts.reduce((sum, { counts }) => sum + countedTokens(counts), 0),
    nano: costs.reduce((sum, cost) => (sum === undefined || cost === undefined ? undefined : sum + cost), 0),
  };
}

const charactersPerToken = 4;

/** The counts of an answer, or the best estimate of what was not reported. */
function answerUsage(usage: Usage, { complete, textLength }: CallOutcome, most: MostUse): Usage {
  const isCounted = usage.inputTokens !== undefined || usage.outputTokens !== undefined;
  if (isCounted && complete) return usage;
  // It is not known what it used. To book less would let a budget be passed.
  if (!isCounted && (complete || textLength === 0)) return most;
  const { inputTokens = most.inputTokens, outputTokens = 0 } = usage;
  return { ...usage, inputTokens, outputTokens: Math.max(outputTokens, Math.ceil(textLength / charactersPerToken)) };
}

/** The tokens that limits count. Cache reads are not among them. */
function countedTokens({ inputTokens = 0, outputTokens = 0, cacheWriteTokens = 0 }: Usage): number {
  return inputTokens + outputTokens + cacheWriteTokens;
}

/** The target that answered, of several; else the only one. */
function pricedAs(targets: readonly PricedTarget[], served?: ServedBy): PricedTarget | undefined {
  const isServed = ({ target: { model, region } }: PricedTarget) =>
    model === served?.modelId && (region === undefined || served.region === undefined || region === served.region);
  return targets.find(isServed) ?? targets[0];
}
