import type { CallOutcome, CallToReserve, Denial, Reservation } from '../access/access-policy.js';
import { type LimitRule, parseLimitRules } from '../access/limit-rule.js';
import { modelGlobs } from '../access/model-globs.js';
import { describeCause } from '../errors/describe-cause.js';
import { readOutputCap } from '../models/read-output-cap.js';
import type { CounterResult, LimitStore } from '../ports/limit-store.js';
import type { Logger } from '../ports/logger.js';
import type { ModelTarget, Usage } from '../ports/model-invoker.js';
import { bookCall, mostCost, type PricedTarget, pricedTargets } from './book-call.js';
import { createRecentMap } from './create-recent-map.js';
import { estimateInput } from './estimate-input.js';
import { explainRefusal, type OwnedRule, refuseTooLarge } from './explain-refusal.js';
import type { Counters } from './holds.js';
import { instantOf } from './instant.js';
import {
  type CallEstimate,
  countsMoney,
  type DeadHolds,
  deadHolds,
  fits,
  mostDead,
  planAdmission,
  planTakingOff,
  type Taken,
  takenBy,
  withoutDead,
} from './plan-admission.js';
import { type ActualUse, planSettle } from './plan-settle.js';
import { type FindPrice, type Prices, priceFinder } from './price.js';
import { ratesOf } from './rates-of.js';
import { itemKey, type SharedLimits, type Subject, sharedLimits } from './shared-limits.js';

export interface LimiterOptions {
  readonly store: LimitStore;
  readonly prices: Prices;
  readonly onFailure: 'closed' | 'open';
  readonly timeoutMs: number;
  readonly logger?: Logger | undefined;
}

/** The rules of one subject. */
export interface SubjectRules extends Omit<OwnedRule, 'rule'> {
  readonly subject: Subject;
  readonly rules: readonly LimitRule[];
}

/** Checks and books calls. */
export interface Limiter {
  /** Books a call under every rule that holds for its targets, in order. A refusal gives back what earlier rules took. */
  reserve(subjects: readonly SubjectRules[], call: CallToReserve, requestId: string): Promise<Reservation | Denial>;
}

/** A rule for one call. */
interface AppliedRule extends OwnedRule {
  readonly key: string;
  readonly limits: SharedLimits;
}

/** What a rule granted. */
interface Grant {
  readonly applied: AppliedRule;
  readonly taken: Taken;
  readonly seen: Counters;
}

/** The output that is reserved if a request does not limit it. */
const defaultCap = 4_096;
/** The output that an answer is expected to have, before there was one. */
const firstMean = 1_024;
/** Answers that the running mean looks back on, approximately. */
const meanOver = 32;
const mostRemembered = 1_000;
const longestMemoryMs = 1_000;
const openPauseMs = 5_000;
const warnEveryMs = 60_000;
/** Two are usual: an admission that is refused, and one that takes dead holds off. More are needed if there are many, or others do so too. */
const mostAttempts = 5;

export function createLimiter({ store, prices, onFailure, timeoutMs, logger }: LimiterOptions): Limiter {
  /** The refusals of the last second, so that a caller over its limit costs no writes. */
  const refused = createRecentMap<{ readonly until: number; readonly taken: Taken; readonly denial: Denial }>(
    mostRemembered,
  );
  /** Rules that a policy names are checked once: one that is no rule would limit nothing. */
  const checked = new WeakSet<readonly LimitRule[]>();
  const means = createRecentMap<{ readonly mean: number; readonly answers: number }>(mostRemembered);
  let findPrice: FindPrice | undefined;
  let pausedUntil = 0;
  let nextWarning = 0;

  async function loadPrices(): Promise<FindPrice> {
    const { builtInPrices } = await import('./built-in-prices.js');
    findPrice ??= priceFinder(prices, builtInPrices);
    return findPrice;
  }

  /** Bounds the time of one admission or settle. A client that leaves does not abort it: what was booked would be unknown. */
  function within<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const abort = new AbortController();
      const timer = setTimeout(() => {
        const late = new Error(`The store of limits did not answer within ${timeoutMs} ms.`);
        abort.abort(late);
        reject(late);
      }, timeoutMs);
      const settle =
        <Value>(end: (value: Value) => void) =>
        (value: Value) => {
          clearTimeout(timer);
          end(value);
        };
      work(abort.signal).then(settle(resolve), settle(reject));
    });
  }

  /** The counters of an item. A store that cannot tell them with a refusal tells them with an update that changes nothing. */
  async function countersOf(
    { counters }: CounterResult,
    key: string,
    taken: Taken,
    signal: AbortSignal,
  ): Promise<Counters> {
    if (counters) return counters;
    return (await store.update(key, { add: {}, expiresAt: taken.expiresAt }, signal)).counters ?? {};
  }

  async function admit(applied: AppliedRule, estimate: CallEstimate, signal: AbortSignal): Promise<Grant | Denial> {
    const { key, limits } = applied;
    const at = instantOf(Date.now());
    const taken = takenBy(limits, estimate, at);
    const tooLarge = refuseTooLarge(limits, taken, applied, estimate.inputTokens);
    if (tooLarge) return tooLarge;
    const known = refused.get(key);
    if (known && at.ms < known.until && takesAsMuch(taken, known.taken)) return known.denial;

    let dead: DeadHolds = {};
    let counters: Counters = {};
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const result = await store.update(key, planAdmission(limits, taken, dead), signal);
      if (result.applied) return { applied, taken, seen: result.counters ?? {} };
      const found = await countersOf(result, key, taken, signal);
      const all = Object.entries(deadHolds(limits, found, at));
      dead = Object.fromEntries(all.slice(0, mostDead));
      counters = withoutDead(limits, found, dead);
      if (fits(limits, taken, counters)) continue;
      if (all.length <= mostDead) break;
      await store.update(key, planTakingOff(limits, dead, taken.expiresAt), signal);
      dead = {};
    }
    const rates = ratesOf(limits, applied.rule.shards ?? 1, at, counters);
    const denial = { ...explainRefusal(limits, taken, counters, applied), ...(rates.length > 0 && { rates }) };
    const forMs = Math.min((denial.retryAfterSeconds ?? Infinity) * 1_000, longestMemoryMs);
    refused.set(key, { until: at.ms + forMs, taken, denial });
    return denial;
  }

  async function settleGrant({ applied, taken, seen }: Grant, use: ActualUse): Promise<void> {
    // What is given back may be what a caller waits for.
    refused.delete(applied.key);
    const updates = planSettle(applied.limits, taken, use, instantOf(Date.now()), seen);
    if (updates.length === 0) return;
    await within(async (signal) => {
      for (const update of updates) if ((await store.update(applied.key, update, signal)).applied) return;
    });
  }

  /** Settles all grants. A failure is logged, because the counters are wrong from then on. */
  async function settleAll(grants: readonly Grant[], use: ActualUse, requestId: string): Promise<void> {
    const results = await Promise.allSettled(grants.map((grant) => settleGrant(grant, use)));
    const failure = results.find((result) => result.status === 'rejected');
    if (!failure) return;
    if (!logger) throw failure.reason;
    logger.error(
      { event: 'limits.settle_failed', requestId, cause: describeCause(failure.reason) },
      'The use of a call could not be booked. Its limits count what was reserved.',
    );
  }

  /** Whether a call goes on although the store cannot be asked. */
  function goesOn(error: unknown): boolean {
    const isPermanent = error instanceof Error && 'permanent' in error && error.permanent === true;
    if (onFailure === 'closed' || isPermanent) return false;
    const now = Date.now();
    pausedUntil = now + openPauseMs;
    if (now < nextWarning) return true;
    nextWarning = now + warnEveryMs;
    logger?.warn(
      { event: 'limits.open', cause: describeCause(error) },
      'The limits cannot be checked, because their store does not answer. Calls are admitted without them.',
    );
    return true;
  }

  function usualOutput({ key, limits }: AppliedRule, bodies: number): number {
    return limits.tokensPerMinute === undefined ? 0 : Math.ceil((means.get(key)?.mean ?? firstMean) * bodies);
  }

  function noteAnswer({ key, limits }: AppliedRule, outputTokens: number): void {
    if (limits.tokensPerMinute === undefined) return;
    const { mean, answers } = means.get(key) ?? { mean: 0, answers: 0 };
    const next = Math.min(answers + 1, meanOver);
    means.set(key, { mean: mean + (outputTokens - mean) / next, answers: next });
  }

  /** The targets with their prices: at once for a limit in money, or if they are loaded. */
  async function priced(
    targets: readonly ModelTarget[],
    rules: readonly AppliedRule[],
  ): Promise<readonly PricedTarget[]> {
    const loading = findPrice ?? loadPrices();
    if (rules.some(({ limits }) => countsMoney(limits))) return pricedTargets(targets, await loading);
    if (findPrice) return pricedTargets(targets, findPrice);
    // For the log alone: nobody waits for it.
    Promise.resolve(loading).catch(() => {});
    return [];
  }

  return {
    async reserve(subjects, call, requestId) {
      for (const { rules: own } of subjects) {
        if (!checked.has(own)) checked.add(parseLimitRules(own, 'A limit of a policy: '));
      }
      const rules = appliedRules(subjects, call.targets);
      const targets = await priced(call.targets, rules);
      const notPriced = targets.some(({ price }) => !price) && rules.some(({ limits }) => countsMoney(limits));
      if (notPriced) return { allow: false, code: 'model_not_priced' };

      const inputTokens = sumOf(call.bodies, estimateInput);
      const outputTokens = sumOf(call.bodies, (body) => readOutputCap(body) ?? defaultCap);
      const most = { inputTokens, outputTokens };
      const estimate = { ...most, ...mostCost(targets, most), remainingMs: call.remainingMs };
      const bodies = call.bodies.length;
      const grants: Grant[] = [];
      for (const applied of rules) {
        if (Date.now() < pausedUntil) continue;
        const needs = { ...estimate, usualOutputTokens: usualOutput(applied, bodies) };
        const granted = await within((signal) => admit(applied, needs, signal)).catch(
          (cause: unknown): Denial | undefined =>
            goesOn(cause) ? undefined : { allow: false, code: 'limits_unavailable', cause },
        );
        if (granted && 'allow' in granted) {
          await settleAll(grants, { tokens: 0, nano: 0, called: false }, requestId);
          return granted;
        }
        if (granted) grants.push(granted);
      }

      const bookedOf = (usage: Usage, outcome: CallOutcome) => {
        const known = findPrice ? pricedTargets(call.targets, findPrice) : [];
        return bookCall(known, usage, outcome, most);
      };
      const rates = grants.flatMap(({ applied: { limits, rule }, taken, seen }) =>
        ratesOf(limits, rule.shards ?? 1, taken.at, seen),
      );
      return {
        allow: true,
        cost: (usage, outcome) => {
          const { nano } = bookedOf(usage, outcome);
          return nano === undefined ? undefined : nano / 1e9;
        },
        ...(grants.length > 0 && {
          settle: async (usage: Usage, outcome: CallOutcome) => {
            const { tokens, nano = 0 } = bookedOf(usage, outcome);
            const { outputTokens } = usage;
            if (outcome.complete && outputTokens !== undefined) {
              for (const { applied } of grants) noteAnswer(applied, outputTokens / bodies);
            }
            await settleAll(grants, { tokens, nano, called: true }, requestId);
          },
        }),
        ...(rates.length > 0 && { rates }),
      };
    },
  };
}

/** The rules that hold for these targets, each with the item of one of its shards. */
function appliedRules(subjects: readonly SubjectRules[], targets: readonly ModelTarget[]): readonly AppliedRule[] {
  return subjects.flatMap(({ subject, rules, ...owner }) =>
    rules
      .filter(({ models }) => !models || targets.some(({ model }) => modelGlobs(models)(model)))
      .map((rule) => {
        const shard = Math.floor(Math.random() * (rule.shards ?? 1));
        return { ...owner, rule, key: itemKey(subject, rule, shard), limits: sharedLimits(rule) };
      }),
  );
}

/** A smaller call may fit where this one did not. */
function takesAsMuch(taken: Taken, refused: Taken): boolean {
  return taken.rateTokens >= refused.rateTokens && taken.tokens >= refused.tokens && taken.nano >= refused.nano;
}

function sumOf<Item>(items: readonly Item[], count: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + count(item), 0);
}
