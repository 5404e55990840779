import type { AccessPolicy, Denial } from './access-policy.js';
import { askInTurn, assertSome } from './ask-in-turn.js';
import { joinSettles } from './join-settles.js';

/** Which denial a caller is told of where several policies denied: the one that says most about what to do next. */
const tellingFirst: readonly Denial['code'][] = [
  'auth_unavailable',
  'quota_exceeded',
  'throttled',
  'invalid_token',
  'missing_token',
  'ip_not_allowed',
];

/**
 * Lets in whom any of the policies lets in, with the rights that the first such one gives; they are asked in turn. Otherwise
 * `auth_unavailable` if one of them could not ask, else `invalid_token` if anything was presented, else `missing_token`; a limit or an
 * address that a policy named stands where it says more. Throws a `TypeError` without a policy.
 */
export function anyOf(...policies: readonly AccessPolicy[]): AccessPolicy {
  assertSome('anyOf', policies);
  const policy: AccessPolicy = async (request) => {
    const decisions = await askInTurn(policies, request, { allow: true });
    const settle = joinSettles(decisions);
    const admission = decisions.find((decision) => decision.allow === true);
    if (admission) return { ...admission, ...(settle && { settle }) };
    const [denial] = decisions.flatMap((decision) => (decision.allow ? [] : decision)).sort(byTelling);
    const { code } = denial ?? { code: 'missing_token' };
    // Whatever a policy of someone else's making calls it: nothing can be wrong with a token that was not sent.
    const tokenCode = request.token === undefined ? 'missing_token' : 'invalid_token';
    return {
      ...denial,
      allow: false,
      code: code === 'missing_token' || code === 'invalid_token' ? tokenCode : code,
      ...(settle && { settle }),
    };
  };
  const sources = policies.flatMap(({ admitsSource }) => admitsSource ?? []);
  if (sources.length < policies.length) return policy;
  return Object.assign(policy, { admitsSource: (ip: string | undefined) => sources.some((admits) => admits(ip)) });
}

function byTelling(one: Denial, other: Denial): number {
  return tellingFirst.indexOf(one.code) - tellingFirst.indexOf(other.code);
}
