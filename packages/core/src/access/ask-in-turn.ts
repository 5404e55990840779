import type { AccessDecision, AccessPolicy, AccessRequest } from './access-policy.js';
import { joinSettles } from './join-settles.js';

/**
 * The decisions of policies that are asked one after another, up to and with the first that allows, or that does not, as `until` says.
 * Where one throws, those before it are settled with nothing used, and the error goes on.
 */
export async function askInTurn(
  policies: readonly AccessPolicy[],
  request: AccessRequest,
  until: { readonly allow: boolean },
): Promise<readonly AccessDecision[]> {
  const decisions: AccessDecision[] = [];
  for (const policy of policies) {
    try {
      const decision = await policy(request);
      decisions.push(decision);
      if (decision.allow === until.allow) break;
    } catch (error) {
      const failures = [error];
      await Promise.resolve(joinSettles(decisions)?.({})).catch((failure: unknown) => failures.push(failure));
      throw failures.length === 1 ? error : new AggregateError(failures, 'A policy failed, and a settle after it.');
    }
  }
  return decisions;
}

/** Throws a `TypeError` where there is nothing to ask: nobody could say who that lets in. */
export function assertSome(name: string, policies: readonly AccessPolicy[]): void {
  if (policies.length === 0) throw new TypeError(`${name} needs at least one policy.`);
}
