import type { Settle } from './access-policy.js';

/** One `settle` that runs all of them, whatever the others do; undefined where there is none. Rejects with what they threw. */
export function joinSettles(decisions: readonly { readonly settle?: Settle }[]): Settle | undefined {
  const settles = decisions.flatMap(({ settle }) => settle ?? []);
  if (settles.length < 2) return settles[0];
  return async (usage) => {
    const results = await Promise.allSettled(settles.map(async (settle) => settle(usage)));
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    if (reasons.length === 1) throw reasons[0];
    if (reasons.length > 1) throw new AggregateError(reasons, 'More than one settle failed.');
  };
}
