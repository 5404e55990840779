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

/** Of several denials the caller is told the first of these: the one that says most about what to do next. */
const tellingFirst: readonly Denial['code'][] = [
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
 * Admits a caller if any of the policies does, with the rights that the first such policy gives; they are asked in turn. Otherwise
 * `auth_unavailable` if one of them could not ask, else `invalid_token` if anything was presented, else `missing_token`. A limit or an
 * address that a policy named is told if it says more. Throws a `TypeError` without a policy.
 */
export function anyOf(...policies: readonly AccessPolicy[]): AccessPolicy {
  const policy = compose('anyOf', policies, { allow: true }, (decisions, request) => {
    const admission = decisions.find((decision) => decision.allow === true);
    if (admission) return admission;
    const [denial] = decisions.flatMap((decision) => (decision.allow ? [] : decision)).sort(byTelling);
    const { code } = denial ?? { code: 'missing_token' };
    // Whatever a policy of someone else's calls it: nothing can be wrong with a token that was not sent.
    const tokenCode = request.token === undefined ? 'missing_token' : 'invalid_token';
    return { ...denial, allow: false, code: code === 'missing_token' || code === 'invalid_token' ? tokenCode : code };
  });
  const sources = policies.flatMap(({ admitsSource }) => admitsSource ?? []);
  if (sources.length < policies.length) return policy;
  return Object.assign(policy, { admitsSource: (ip: string | undefined) => sources.some((admits) => admits(ip)) });
}

/**
 * Admits a caller if every one of the policies does, with the rights that all of them give, and runs the `reserve` and `settle` of each.
 * They are asked in turn; the first denial is told. The principal is the last that is not `anonymous`; of Bedrock's settings, the last
 * policy that names one decides, and a caller may set what all policies that name `clientMaySet` share. Two different guardrails are a
 * mistake, which throws. Throws a `TypeError` without a policy.
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
 * A policy that asks others one after another, up to and including the first that allows, or that does not, as `until` says, and joins
 * their decisions. If one throws, those before it are settled with nothing used, and the error is thrown on.
 */
export function compose(
  name: string,
  policies: readonly AccessPolicy[],
  until: { readonly allow: boolean },
  join: (decisions: readonly AccessDecision[], request: AccessRequest) => AccessDecision,
): AccessPolicy {
  // Without a policy nobody could tell whom it admits.
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
  const ceilings = admissions.flatMap(({ permitsModel }) => permitsModel ?? []);
  const callOptions = joinCallOptions(admissions.flatMap((admission) => admission.callOptions ?? []));
  const reserves = admissions.flatMap(({ reserve }) => reserve ?? []);
  const [maySet, ...others] = admissions.flatMap(({ clientMaySet }) => (clientMaySet ? [clientMaySet] : []));
  const isExempt = !callOptions?.guardrail && admissions.some(({ guardrail }) => guardrail === 'exempt');
  return {
    allow: true,
    principal: admissions.findLast(({ principal }) => principal !== anonymous)?.principal ?? anonymous,
    permitsModel: (modelId, alias) => ceilings.every((permits) => permits(modelId, alias) === true),
    permitsStream: admissions.every(({ permitsStream }) => permitsStream !== false),
    ...(callOptions && { callOptions }),
    ...(isExempt && { guardrail: 'exempt' }),
    ...(maySet && { clientMaySet: maySet.filter((option) => others.every((other) => other.includes(option))) }),
    ...(reserves.length > 0 && { reserve: joinReserves(reserves) }),
  };
}

function joinCallOptions(all: readonly InvokeModelOptions[]): InvokeModelOptions | undefined {
  if (all.length < 2) return all[0];
  const guardrails = new Set(all.flatMap(({ guardrail }) => (guardrail ? `${guardrail.id}:${guardrail.version}` : [])));
  if (guardrails.size > 1) throw new TypeError('Two policies of allOf name different guardrails.');
  return Object.assign({}, ...all);
}

/** Runs every `reserve` in turn. If one denies, those before it are settled with nothing used. */
function joinReserves(reserves: readonly Reserve[]): Reserve {
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
    return { allow: true, ...(settle && { settle }), ...(rates.length > 0 && { rates }) };
  };
}

/** The error to throw once everything before it is settled with nothing used. */
async function settledAfter(error: unknown, before: readonly { readonly settle?: Settle }[]): Promise<unknown> {
  const failures = [error];
  try {
    await joinSettles(before)?.({}, notCalled);
  } catch (failure) {
    failures.push(failure);
  }
  return failures.length === 1 ? error : new AggregateError(failures, 'A policy failed, and a settle after it.');
}

/** One `settle` that runs all of them, whatever the others do; undefined if there is none. Rejects with what they threw. */
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

function byTelling(one: Denial, other: Denial): number {
  return tellingFirst.indexOf(one.code) - tellingFirst.indexOf(other.code);
}
