import type { InvokeModelOptions } from '../ports/model-invoker.js';
import type {
  AccessDecision,
  AccessPolicy,
  AccessRequest,
  Admission,
  CallOutcome,
  Denial,
  Reservation,
  Reserve,
  Settle,
} from './access-policy.js';
import { anonymous } from './allow-anonymous.js';
import { reasonRanks } from './denial-reason.js';

/** Of several denials, `anyOf` returns the first in this order. It is the most useful one for the caller. */
const denialPriority: readonly Denial['code'][] = [
  'auth_unavailable',
  'limits_unavailable',
  'budget_exceeded',
  'quota_exceeded',
  'rate_limited',
  'throttled',
  'model_not_priced',
  'invalid_token',
  'missing_token',
  'ip_not_allowed',
];

/** The outcome of a request that called no model. */
const notCalled: CallOutcome = { accepted: false, textLength: 0 };

/**
 * Admits a caller if any policy does, with the rights of the first such policy. The policies are asked in order. If all refuse, the code
 * is `auth_unavailable` if a policy returned it, otherwise the code of a limit if a policy returned one, otherwise `invalid_token`, or
 * `missing_token` without a token. It is `ip_not_allowed` only if all policies returned that. Throws a `TypeError` without policies.
 */
export function anyOf(...policies: readonly AccessPolicy[]): AccessPolicy {
  const policy = compose('anyOf', policies, { allow: true }, (decisions, request) => {
    const admission = decisions.find((decision) => decision.allow === true);
    if (admission) return admission;
    const [denial] = decisions.flatMap((decision) => (decision.allow ? [] : decision)).sort(byPriority);
    const { code } = denial ?? { code: 'missing_token' };
    // A custom policy may return the wrong one of these two codes: a token that was not sent cannot be invalid.
    const tokenCode = request.token === undefined ? 'missing_token' : 'invalid_token';
    return { ...denial, allow: false, code: code === 'missing_token' || code === 'invalid_token' ? tokenCode : code };
  });
  const sources = policies.flatMap(({ admitsSource }) => admitsSource ?? []);
  if (sources.length < policies.length) return policy;
  return Object.assign(policy, { admitsSource: (ip: string | undefined) => sources.some((admits) => admits(ip)) });
}

/**
 * Admits a caller if all policies do, with the rights that all of them grant. Runs the `reserve` and `settle` of each. The policies are
 * asked in order, and the first denial is returned. The principal is the last one that is not `anonymous`; the team and the limits are the
 * last ones that a policy names. If several policies set the same Bedrock setting, the last one applies, but two different guardrails
 * throw. The caller may set the settings that all policies with `clientMaySet` list. Throws a `TypeError` without policies.
 */
export function allOf(...policies: readonly AccessPolicy[]): AccessPolicy {
  const policy = compose('allOf', policies, { allow: false }, (decisions) => {
    const admissions = decisions.flatMap((decision) => (decision.allow === true ? decision : []));
    return decisions.find((decision) => decision.allow !== true) ?? joinAdmissions(admissions);
  });
  const sources = policies.flatMap(({ admitsSource }) => admitsSource ?? []);
  if (sources.length === 0) return policy;
  return Object.assign(policy, { admitsSource: (ip: string | undefined) => sources.every((admits) => admits(ip)) });
}

/**
 * A policy that asks other policies in order and joins their decisions. It stops after the first decision whose `allow` is `until.allow`.
 * If a policy throws, the decisions before it are settled without usage, and the error is rethrown.
 */
export function compose(
  name: string,
  policies: readonly AccessPolicy[],
  until: { readonly allow: boolean },
  join: (decisions: readonly AccessDecision[], request: AccessRequest) => AccessDecision,
): AccessPolicy {
  // An empty list is a mistake: it could mean any caller or none.
  if (policies.length === 0) throw new TypeError(`${name} needs at least one policy.`);
  return async (request) => {
    const decisions: AccessDecision[] = [];
    try {
      for (const policy of policies) {
        const decision = await policy(request);
        const { allow } = decision;
        decisions.push(decision);
        if (allow === until.allow) break;
      }
      const settle = joinSettles(decisions);
      return { ...join(decisions, request), ...(settle && { settle }) };
    } catch (error) {
      throw await settledAfter(error, decisions);
    }
  };
}

function joinAdmissions(admissions: readonly Admission[]): Admission {
  const modelChecks = admissions.flatMap(({ permitsModel }) => permitsModel ?? []);
  const callOptions = joinCallOptions(admissions.flatMap((admission) => admission.callOptions ?? []));
  const reserves = admissions.flatMap(({ reserve }) => reserve ?? []);
  const [maySet, ...others] = admissions.flatMap(({ clientMaySet }) => (clientMaySet ? [clientMaySet] : []));
  const modelAliases = Object.assign({}, ...admissions.map((admission) => admission.modelAliases));
  const team = admissions.findLast((admission) => admission.team !== undefined)?.team;
  const limits = admissions.findLast((admission) => admission.limits)?.limits;
  const isExempt = !callOptions?.guardrail && admissions.some(({ guardrail }) => guardrail === 'exempt');
  return {
    allow: true,
    principal: admissions.findLast(({ principal }) => principal !== anonymous)?.principal ?? anonymous,
    ...(team !== undefined && { team }),
    ...(limits && { limits }),
    permitsModel: (modelId, alias) => modelChecks.every((permits) => permits(modelId, alias) === true),
    permitsStream: admissions.every(({ permitsStream }) => permitsStream !== false),
    ...(callOptions && { callOptions }),
    ...(isExempt && { guardrail: 'exempt' }),
    ...(Object.keys(modelAliases).length > 0 && { modelAliases }),
    ...(maySet && { clientMaySet: maySet.filter((option) => others.every((other) => other.includes(option))) }),
    ...(reserves.length > 0 && { reserve: joinReserves(reserves) }),
  };
}

function joinCallOptions(all: readonly InvokeModelOptions[]): InvokeModelOptions | undefined {
  if (all.length < 2) return all[0];
  const guardrails = new Set(all.flatMap(({ guardrail }) => (guardrail ? `${guardrail.id}:${guardrail.version}` : [])));
  if (guardrails.size > 1) throw new TypeError('Two policies of allOf set different guardrails.');
  return Object.assign({}, ...all);
}

/** Runs every `reserve` in order. If one denies or throws, the reservations before it are settled without usage. */
export function joinReserves(reserves: readonly Reserve[]): Reserve {
  return async (call) => {
    const reservations: Reservation[] = [];
    try {
      for (const reserve of reserves) {
        const reservation = await reserve(call);
        if (reservation.allow !== true) {
          const settle = joinSettles([...reservations, reservation]);
          return { ...reservation, ...(settle && { settle }) };
        }
        reservations.push(reservation);
      }
    } catch (error) {
      throw await settledAfter(error, reservations);
    }
    const settle = joinSettles(reservations);
    const rates = reservations.flatMap((reservation) => reservation.rates ?? []);
    const cost = reservations.findLast((reservation) => reservation.cost)?.cost;
    return { allow: true, ...(settle && { settle }), ...(cost && { cost }), ...(rates.length > 0 && { rates }) };
  };
}

/** Settles the earlier decisions without usage. Returns the error to throw. */
async function settledAfter(error: unknown, before: readonly { readonly settle?: Settle }[]): Promise<unknown> {
  const failures = [error];
  try {
    await joinSettles(before)?.({}, notCalled);
  } catch (failure) {
    failures.push(failure);
  }
  return failures.length === 1 ? error : new AggregateError(failures, 'A policy failed, and so did a settle after it.');
}

/** One `settle` that runs all of them, even if some fail; undefined if there is none. Rejects with their errors. */
function joinSettles(decisions: readonly { readonly settle?: Settle }[]): Settle | undefined {
  const settles = decisions.flatMap(({ settle }) => settle ?? []);
  if (settles.length < 2) return settles[0];
  return async (usage, outcome) => {
    const results = await Promise.allSettled(settles.map(async (settle) => settle(usage, outcome)));
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    if (reasons.length === 1) throw reasons[0];
    if (reasons.length > 1) throw new AggregateError(reasons, 'More than one settle failed.');
  };
}

/** For one code, the reason that tells most comes first. */
function byPriority(one: Denial, other: Denial): number {
  return denialPriority.indexOf(one.code) - denialPriority.indexOf(other.code) || rankOf(other) - rankOf(one);
}

function rankOf({ reason }: Denial): number {
  return reason === undefined ? -1 : reasonRanks[reason];
}
