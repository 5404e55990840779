import type { AccessPolicy, Admission } from './access-policy.js';
import { anonymous } from './allow-anonymous.js';
import { askInTurn, assertSome } from './ask-in-turn.js';
import { joinSettles } from './join-settles.js';

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
