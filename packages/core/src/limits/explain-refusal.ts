import type { Denial } from '../access/access-policy.js';
import type { LimitName, LimitRule } from '../access/limit-rule.js';
import { type Counters, counterOf } from './holds.js';
import { endOfPeriod } from './instant.js';
import { fits, heldOf, secondsUntilRoom, type Taken, totalsOf } from './plan-admission.js';
import type { SharedLimits } from './shared-limits.js';

/** A rule, and whose it is. */
export interface OwnedRule {
  readonly rule: LimitRule;
  /** For the log. */
  readonly scope: 'token' | 'each' | 'team' | 'everyone';
  /** For the client, such as `this caller`. */
  readonly name: string;
}

/** Seconds after which a call under way may have ended. */
const retrySeconds = { concurrent: 1, held: 5 } as const;

interface Refusal {
  readonly code: 'rate_limited' | 'budget_exceeded';
  readonly name: LimitName;
  readonly retryAfterSeconds?: number;
  /** The request alone is over the limit. */
  readonly isTooLarge?: boolean;
}

/** Why a call never fits, whatever the counters are; undefined if it may fit. */
export function refuseTooLarge(
  limits: SharedLimits,
  taken: Taken,
  owner: OwnedRule,
  inputTokens: number,
): Denial | undefined {
  const { tokensPerMinute = Infinity } = limits;
  const [total] = totalsOf(limits, taken).filter(({ limit, gain }) => gain > limit);
  const name = inputTokens > tokensPerMinute ? 'tokensPerMinute' : total && limitNameOf(total.name);
  if (name === undefined) return undefined;
  return denialOf({ code: 'budget_exceeded', name, isTooLarge: true }, taken, owner);
}

/** Why a call does not fit these counters, of which dead calls hold nothing. A used budget goes first: waiting does not help. */
export function explainRefusal(limits: SharedLimits, taken: Taken, counters: Counters, owner: OwnedRule): Denial {
  const refusals = [...refusalsByTotals(limits, taken, counters), ...refusalsByMinute(limits, taken, counters)];
  const [first] = refusals.sort(
    (one, other) => (other.retryAfterSeconds ?? Infinity) - (one.retryAfterSeconds ?? Infinity),
  );
  return denialOf(first ?? { code: 'rate_limited', name: firstName(limits), retryAfterSeconds: 1 }, taken, owner);
}

function refusalsByTotals(limits: SharedLimits, taken: Taken, counters: Counters): Refusal[] {
  return totalsOf(limits, taken)
    .filter(({ counter, limit, gain }) => counterOf(counters, counter) + gain > limit)
    .map(({ name, counter, limit, gain }) => {
      if (name === 'concurrent') {
        return { code: 'rate_limited', name, retryAfterSeconds: retrySeconds.concurrent };
      }
      const used = counterOf(counters, counter) - heldOf(limits, counters, counter);
      return used + gain > limit
        ? { code: 'budget_exceeded', name: limitNameOf(name) }
        : { code: 'rate_limited', name: limitNameOf(name), retryAfterSeconds: retrySeconds.held };
    });
}

function refusalsByMinute(limits: SharedLimits, taken: Taken, counters: Counters): Refusal[] {
  return (['requestsPerMinute', 'tokensPerMinute'] as const).flatMap((name): Refusal[] => {
    const limit = limits[name];
    const alone = limit === undefined ? {} : { [name]: limit };
    if (fits(alone, taken, counters)) return [];
    return [{ code: 'rate_limited', name, retryAfterSeconds: secondsUntilRoom(alone, taken, counters) }];
  });
}

function firstName(limits: SharedLimits): LimitName {
  const [name = 'concurrent'] = Object.keys(limits) as (keyof SharedLimits)[];
  return limitNameOf(name);
}

function limitNameOf(name: keyof SharedLimits): LimitName {
  if (name === 'nanoPerDay') return 'usdPerDay';
  return name === 'nanoPerMonth' ? 'usdPerMonth' : name;
}

function denialOf({ code, name, retryAfterSeconds, isTooLarge }: Refusal, { at }: Taken, owner: OwnedRule): Denial {
  const words = wordsOf(name, owner.rule);
  return {
    allow: false,
    code,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    limit: `${owner.scope}.${name}`,
    message: isTooLarge
      ? `This request alone may use more than the limit of ${words} for ${owner.name}. Send less, or ask for a shorter answer.`
      : retryAfterSeconds === undefined
        ? `The budget of ${words} for ${owner.name} is used up until ${endOfPeriod(at, name.endsWith('Day') ? 'day' : 'month')}, or what is left is too little for this request. Wait until then, or ask the operator of this proxy to raise it.`
        : `The limit of ${words} for ${owner.name} is reached${heldWords(name)}. Wait ${retryAfterSeconds} s, then retry.`,
  };
}

function heldWords(name: LimitName): string {
  return /(?:Day|Month)$/.test(name) ? ' by calls under way, which may use less' : '';
}

/** A limit in words, such as `60 requests per minute`. */
function wordsOf(name: LimitName, { [name]: limit = 0 }: LimitRule): string {
  if (name.startsWith('usd')) {
    const form = { minimumFractionDigits: 2, maximumFractionDigits: 6 };
    return `$${limit.toLocaleString('en-US', form)} per ${name.endsWith('Day') ? 'day' : 'month'}`;
  }
  const count = limit.toLocaleString('en-US');
  if (name === 'concurrent') return `${count} calls at the same time`;
  const [, unit = '', period = ''] = /^(requests|tokens)Per(.+)$/.exec(name) ?? [];
  return `${count} ${unit} per ${period.toLowerCase()}`;
}
