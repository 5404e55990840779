import type { AccessDecision, AccessPolicy, AccessRequest, Admission, Denial, Settle } from './access-policy.js';
import { anonymous } from './allow-anonymous.js';

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

/**
 * Lets in whom every one of the policies lets in, with the rights that all of them give, and runs the `settle` of each. They are asked
 * in turn; the first denial stands. The principal is the last that is not `anonymous`. Throws a `TypeError` without a policy.
 */
export function allOf(...policies: readonly AccessPolicy[]): AccessPolicy {
  assertSome('allOf', policies);
  const policy: AccessPolicy = async (request) => {
    const decisions = await askInTurn(policies, request, { allow: false });
    const settle = joinSettles(decisions);
    const admissions = decisions.flatMap((decision) => (decision.allow === true ? decision : []));
    const denial = decisions.find((decision) => decision.allow !== true);
    return { ...(denial ?? joinAdmissions(admissions)), ...(settle && { settle }) };
  };
  const sources = policies.flatMap(({ admitsSource }) => admitsSource ?? []);
  if (sources.length === 0) return policy;
  return Object.assign(policy, { admitsSource: (ip: string | undefined) => sources.every((admits) => admits(ip)) });
}

function joinAdmissions(admissions: readonly Admission[]): Admission {
  const ceilings = admissions.flatMap(({ permitsModel }) => permitsModel ?? []);
  return {
    allow: true,
    principal: admissions.findLast(({ principal }) => principal !== anonymous)?.principal ?? anonymous,
    permitsModel: (modelId) => ceilings.every((permits) => permits(modelId) === true),
    permitsStream: admissions.every(({ permitsStream }) => permitsStream !== false),
  };
}

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
