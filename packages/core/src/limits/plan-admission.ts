import type { Bound, CounterUpdate } from '../ports/limit-store.js';
import { type Counters, counterOf, holds } from './holds.js';
import { type Instant, instantOf, minuteMs } from './instant.js';
import { lifetimeOf, type SharedLimits } from './shared-limits.js';

/** What a call is expected to use. Money is in nano-dollars, 0 if no limit counts it. */
export interface CallEstimate {
  readonly inputTokens: number;
  /** The most output tokens that the answer can have. */
  readonly outputTokens: number;
  /** The output tokens that answers of this rule usually have. */
  readonly usualOutputTokens: number;
  readonly inputNano: number;
  /** Input and output at most. */
  readonly mostNano: number;
  /** Until the deadline, if there is one. */
  readonly remainingMs?: number | undefined;
}

/** What an admission takes of the limits. */
export interface Taken {
  readonly at: Instant;
  /** The call is dead once this minute begins. */
  readonly deadMinute: number;
  readonly expiresAt: number;
  /** The tokens in the counter of the minute. */
  readonly rateTokens: number;
  /** The tokens in the counters of the day and the month, and the part of them that is only held for the output. */
  readonly tokens: number;
  readonly heldTokens: number;
  readonly nano: number;
  readonly heldNano: number;
}

/** A deadline that is not known is taken to be this far away: the longest that a Lambda function runs. */
const longestCallMs = 15 * minuteMs;

/** The steps of the staircase. Tokens may be used beyond their limit, by answers that are longer than usual. */
const steps = 8;
const mostSteps = { requests: 8, tokens: 16 } as const;

export function takenBy(limits: SharedLimits, estimate: CallEstimate, at: Instant): Taken {
  const { inputTokens, outputTokens, usualOutputTokens, inputNano, mostNano, remainingMs = longestCallMs } = estimate;
  return {
    at,
    deadMinute: Math.ceil((at.ms + Math.max(0, remainingMs)) / minuteMs) + 1,
    expiresAt: Math.ceil(at.ms / 1_000) + lifetimeOf(limits),
    rateTokens: Math.min(
      inputTokens + Math.min(outputTokens, usualOutputTokens),
      // Its input alone is judged; a call that might fill the whole minute must be able to begin.
      limits.tokensPerMinute ?? Infinity,
    ),
    tokens: inputTokens + outputTokens,
    heldTokens: outputTokens,
    nano: mostNano,
    heldNano: mostNano - inputNano,
  };
}

/** The counters that dead calls still hold, by name. */
export type DeadHolds = Counters;

/** The update that admits a call, and takes dead holds off. It is applied if every limit has room. */
export function planAdmission(limits: SharedLimits, taken: Taken, dead: DeadHolds = {}): CounterUpdate {
  const { at, deadMinute, expiresAt } = taken;
  const taking = planTakingOff(limits, dead, expiresAt);
  // Calls of another day or month may have died: their totals have no limit any more.
  const add: Record<string, number> = { ...taking.add };
  const when: Bound[][][] = [];
  if (limits.requestsPerMinute !== undefined) {
    add[`r${at.minute}`] = 1;
    when.push(staircase('r', limits.requestsPerMinute, 1, at, mostSteps.requests));
  }
  if (limits.tokensPerMinute !== undefined) {
    add[`t${at.minute}`] = taken.rateTokens;
    when.push(staircase('t', limits.tokensPerMinute, taken.rateTokens, at, mostSteps.tokens));
  }
  const freed = freedBy(limits, dead);
  for (const { counter, limit, gain } of totalsOf(limits, taken)) {
    const free = counterOf(freed, counter);
    add[counter] = gain - free;
    when.push([[{ counter, atMost: limit - gain + free }]]);
  }
  if (limits.concurrent !== undefined) add[`e${deadMinute}`] = 1;
  if (countsTokens(limits)) add[`h${at.day}.${deadMinute}`] = taken.heldTokens;
  if (countsMoney(limits)) add[`H${at.day}.${deadMinute}`] = taken.heldNano;
  return { add, when: [...when, ...taking.when], expiresAt };
}

/** The dead holds that one update takes off: each costs two of the 300 operators that an update may have. */
export const mostDead = 30;

/** The update that takes dead holds off and admits nothing. */
export function planTakingOff(
  limits: SharedLimits,
  dead: DeadHolds,
  expiresAt: number,
): Required<Omit<CounterUpdate, 'remove'>> {
  const taken = [...Object.entries(freedBy(limits, dead)), ...Object.entries(dead)];
  return {
    add: Object.fromEntries(taken.map(([counter, count]) => [counter, -count])),
    when: Object.entries(dead).map(([counter, atLeast]) => [[{ counter, atLeast }]]),
    expiresAt,
  };
}

/**
 * A sliding window over the previous minute and this one, as alternatives without arithmetic: the more the previous minute had, the less
 * this one may have.
 */
export function staircase(name: 'r' | 't', limit: number, cost: number, at: Instant, most: number): Bound[][] {
  const alternatives: Bound[][] = [];
  for (let step = 0; step <= most; step++) {
    // Whole numbers are multiplied first: a fraction that is not exact would cost a call.
    const weighed = (at.leftMs * limit * step) / (steps * minuteMs);
    const now = Math.floor(limit - cost - weighed);
    if (now < 0) break;
    alternatives.push([
      { counter: `${name}${at.minute - 1}`, atMost: Math.floor((limit * step) / steps) },
      { counter: `${name}${at.minute}`, atMost: now },
    ]);
  }
  return alternatives;
}

/** The counters of calls under way and of periods, each with its limit and what a call adds. */
export function totalsOf(
  limits: SharedLimits,
  { at, tokens, nano }: Pick<Taken, 'at' | 'tokens' | 'nano'>,
): readonly {
  readonly name: keyof SharedLimits;
  readonly counter: string;
  readonly limit: number;
  readonly gain: number;
}[] {
  const totals = [
    { name: 'concurrent', counter: 'n', limit: limits.concurrent, gain: 1 },
    { name: 'tokensPerDay', counter: `d${at.day}`, limit: limits.tokensPerDay, gain: tokens },
    { name: 'tokensPerMonth', counter: `m${at.month}`, limit: limits.tokensPerMonth, gain: tokens },
    { name: 'nanoPerDay', counter: `D${at.day}`, limit: limits.nanoPerDay, gain: nano },
    { name: 'nanoPerMonth', counter: `M${at.month}`, limit: limits.nanoPerMonth, gain: nano },
  ] as const;
  return totals.flatMap(({ limit, ...total }) => (limit === undefined ? [] : [{ ...total, limit }]));
}

export function countsTokens({ tokensPerDay, tokensPerMonth }: SharedLimits): boolean {
  return tokensPerDay !== undefined || tokensPerMonth !== undefined;
}

export function countsMoney({ nanoPerDay, nanoPerMonth }: SharedLimits): boolean {
  return nanoPerDay !== undefined || nanoPerMonth !== undefined;
}

/** A counter of what calls hold: of calls under way (`e`), of tokens (`h`) or of money (`H`), and the minute in which they are dead. */
const holdName = /^(?:e|[hH](\d{6})(\d{2})\.)(\d+)$/;

/** What calls hold that are dead in this minute: their deadline passed more than a minute ago, and they were not settled. */
export function deadHolds(limits: SharedLimits, counters: Counters, { minute }: Instant): DeadHolds {
  const dead = Object.entries(counters).filter(
    ([name, count]) => count > 0 && minute >= deadMinuteOf(name) && totalsHeldBy(limits, name).length > 0,
  );
  return Object.fromEntries(dead);
}

/** The minute in which the calls of a counter are dead; `Infinity` if the counter is no hold. */
export function deadMinuteOf(counter: string): number {
  return Number(holdName.exec(counter)?.[3] ?? Infinity);
}

/** What these holds take of each total. */
function freedBy(limits: SharedLimits, dead: DeadHolds): Counters {
  const freed: Record<string, number> = {};
  for (const [name, count] of Object.entries(dead)) {
    for (const total of totalsHeldBy(limits, name)) freed[total] = (freed[total] ?? 0) + count;
  }
  return freed;
}

/** The totals of which a hold is a part, as far as a limit counts them. */
function totalsHeldBy(limits: SharedLimits, name: string): readonly string[] {
  const found = holdName.exec(name);
  if (!found) return [];
  const [, month = '', day = ''] = found;
  if (name.startsWith('e')) return limits.concurrent === undefined ? [] : ['n'];
  const { tokensPerDay, tokensPerMonth, nanoPerDay, nanoPerMonth } = limits;
  const isMoney = name.startsWith('H');
  return [
    ...((isMoney ? nanoPerDay : tokensPerDay) === undefined ? [] : [`${isMoney ? 'D' : 'd'}${month}${day}`]),
    ...((isMoney ? nanoPerMonth : tokensPerMonth) === undefined ? [] : [`${isMoney ? 'M' : 'm'}${month}`]),
  ];
}

/** What calls under way hold of a total of a day or a month. */
export function heldOf(limits: SharedLimits, counters: Counters, total: string): number {
  return Object.entries(counters)
    .filter(([name]) => !name.startsWith('e') && totalsHeldBy(limits, name).includes(total))
    .reduce((sum, [, count]) => sum + count, 0);
}

/** The counters as they would be without what dead calls hold. */
export function withoutDead(limits: SharedLimits, counters: Counters, dead: DeadHolds): Counters {
  const freed = freedBy(limits, dead);
  const alive = Object.entries(counters).filter(([name]) => !Object.hasOwn(dead, name));
  return Object.fromEntries(alive.map(([name, count]) => [name, count - counterOf(freed, name)]));
}

/** Whether a call that takes this fits counters of which dead calls hold nothing. */
export function fits(limits: SharedLimits, taken: Taken, counters: Counters): boolean {
  return holds(planAdmission(limits, taken).when, counters);
}

type LimitsPerMinute = Pick<SharedLimits, 'requestsPerMinute' | 'tokensPerMinute'>;

/** Whole seconds, at least 1, until limits per minute have room, if nobody else calls. */
export function secondsUntilRoom(perMinute: LimitsPerMinute, taken: Taken, counters: Counters): number {
  let seconds = 1;
  // After two minutes, both windows are empty.
  while (seconds < 120 && !fits(perMinute, { ...taken, at: instantOf(taken.at.ms + seconds * 1_000) }, counters))
    seconds++;
  return seconds;
}
