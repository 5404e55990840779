import type { Bound, CounterUpdate } from '../ports/limit-store.js';
import type { Counters } from './holds.js';
import type { Instant } from './instant.js';
import { countsMoney, countsTokens, deadMinuteOf, type Taken, totalsOf } from './plan-admission.js';
import { lifetimeOf, type SharedLimits } from './shared-limits.js';

/** What a call used. Money is in nano-dollars. */
export interface ActualUse {
  readonly tokens: number;
  readonly nano: number;
  /** Whether a call was made. If none was, its request is given back too. */
  readonly called: boolean;
}

/** A minute that may still count: for clocks that are some seconds apart, one more than the window needs. */
const oldestMinute = 2;
/** Counters that one settle removes. An update has a limited number of operators. */
const mostRemoved = 20;

/**
 * The updates that settle a call, to be tried in turn until one is applied: the first also removes counters that are no longer needed,
 * which another call may have just begun to use; the last is for a call that was taken as dead. No updates: there is nothing to settle.
 * `seen` are the counters after the admission.
 */
export function planSettle(
  limits: SharedLimits,
  taken: Taken,
  actual: ActualUse,
  at: Instant,
  seen: Counters = {},
): readonly CounterUpdate[] {
  const rates = rateChanges(limits, taken, actual, at);
  const alive = { ...rates, ...totalChanges(limits, taken, actual, 'alive'), ...holdChanges(limits, taken) };
  const dead = { ...rates, ...totalChanges(limits, taken, actual, 'dead') };
  const expiresAt = Math.ceil(at.ms / 1_000) + lifetimeOf(limits);
  const when = stillHeld(limits, taken).map((bound) => [[bound]]);
  const settle: CounterUpdate = { add: withoutZeros(alive), when, expiresAt };
  if (Object.keys(settle.add).length === 0) return [];
  const remove = uselessCounters(seen, at)
    .filter((name) => !(name in alive))
    .slice(0, mostRemoved);
  const unused = remove.filter((name) => deadMinuteOf(name) < Infinity);
  const tidying = { ...settle, remove, when: [...when, ...unused.map((counter) => [[{ counter, atMost: 0 }]])] };
  const late = { add: withoutZeros(dead), expiresAt };
  return [
    ...(remove.length > 0 ? [tidying] : []),
    ...(remove.length === 0 || unused.length > 0 ? [settle] : []),
    ...(when.length > 0 && Object.keys(late.add).length > 0 ? [late] : []),
  ];
}

/** In the counters of minutes, less is booked where it was taken, and more is booked now. */
function rateChanges(limits: SharedLimits, taken: Taken, { tokens, called }: ActualUse, at: Instant): Counters {
  const changes: Record<string, number> = {};
  const isRecent = taken.at.minute >= at.minute - 1;
  if (limits.requestsPerMinute !== undefined && !called && isRecent) changes[`r${taken.at.minute}`] = -1;
  const more = tokens - taken.rateTokens;
  if (limits.tokensPerMinute === undefined) return changes;
  if (more > 0) changes[`t${at.minute}`] = more;
  else if (isRecent) changes[`t${taken.at.minute}`] = more;
  return changes;
}

/** A dead call has left only its estimated input in the totals. */
function totalChanges(limits: SharedLimits, taken: Taken, actual: ActualUse, state: 'alive' | 'dead'): Counters {
  const left =
    state === 'alive' ? taken : { tokens: taken.tokens - taken.heldTokens, nano: taken.nano - taken.heldNano };
  const more = { at: taken.at, tokens: actual.tokens - left.tokens, nano: actual.nano - left.nano };
  const totals = totalsOf(limits, more).filter(({ name }) => name !== 'concurrent' || state === 'alive');
  return Object.fromEntries(totals.map(({ name, counter, gain }) => [counter, name === 'concurrent' ? -1 : gain]));
}

function holdChanges(limits: SharedLimits, taken: Taken): Counters {
  return Object.fromEntries(holdsOf(limits, taken).map(([counter, count]) => [counter, -count]));
}

function stillHeld(limits: SharedLimits, taken: Taken): readonly Bound[] {
  return holdsOf(limits, taken).map(([counter, atLeast]) => ({ counter, atLeast }));
}

/** What an admission holds until its settle. */
function holdsOf(limits: SharedLimits, { at, deadMinute, heldTokens, heldNano }: Taken): readonly [string, number][] {
  const all: readonly [string, number][] = [
    [`e${deadMinute}`, limits.concurrent === undefined ? 0 : 1],
    [`h${at.day}.${deadMinute}`, countsTokens(limits) ? heldTokens : 0],
    [`H${at.day}.${deadMinute}`, countsMoney(limits) ? heldNano : 0],
  ];
  return all.filter(([, count]) => count > 0);
}

/** Counters of minutes, days and months that are over, and holds of nothing. */
function uselessCounters(seen: Counters, at: Instant): readonly string[] {
  return Object.entries(seen)
    .filter(([name, count]) => {
      const kind = name.charAt(0);
      const period = name.slice(1);
      if ('rt'.includes(kind)) return Number(period) < at.minute - oldestMinute;
      if ('dD'.includes(kind)) return period < dayBefore(at);
      if ('mM'.includes(kind)) return period < monthBefore(at);
      return count === 0 && 'ehH'.includes(kind);
    })
    .map(([name]) => name);
}

const dayMs = 86_400_000;

function dayBefore({ ms }: Instant): string {
  return new Date(ms - dayMs).toISOString().slice(0, 10).replaceAll('-', '');
}

function monthBefore({ ms }: Instant): string {
  const date = new Date(ms);
  const before = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1));
  return before.toISOString().slice(0, 7).replace('-', '');
}

function withoutZeros(changes: Counters): Counters {
  return Object.fromEntries(Object.entries(changes).filter(([, count]) => count !== 0));
}
