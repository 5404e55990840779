import type { ModelTarget } from '../ports/model-invoker.js';

/** Whether a target is called in a tier whose price nobody stated: the known prices are those of the default tier. */
export function hasUnknownPrice({ options, priceFactor }: ModelTarget): boolean {
  const tier = options?.serviceTier;
  return tier !== undefined && tier !== 'default' && priceFactor === undefined;
}
