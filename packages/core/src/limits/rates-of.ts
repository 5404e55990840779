import type { Rate } from '../errors/proxy-error.js';
import { type Counters, counterOf } from './holds.js';
import { type Instant, minuteMs } from './instant.js';
import type { SharedLimits } from './shared-limits.js';

/** What is left of the limits per minute, of all shards together. */
export function ratesOf(limits: SharedLimits, shards: number, at: Instant, counters: Counters): readonly Rate[] {
  const { requestsPerMinute, tokensPerMinute } = limits;
  return [
    ...(requestsPerMinute === undefined ? [] : [rateOf('requests', requestsPerMinute, shards, at, counters)]),
    ...(tokensPerMinute === undefined ? [] : [rateOf('tokens', tokensPerMinute, shards, at, counters)]),
  ];
}

function rateOf(of: Rate['of'], limit: number, shards: number, at: Instant, counters: Counters): Rate {
  const name = of === 'requests' ? 'r' : 't';
  const before = counterOf(counters, `${name}${at.minute - 1}`);
  const now = counterOf(counters, `${name}${at.minute}`);
  const left = Math.max(0, Math.floor(limit - now - (at.leftMs * before) / minuteMs));
  // What was used in a minute counts until the next one is over.
  const resetMs = now > 0 ? at.leftMs + minuteMs : before > 0 ? at.leftMs : 0;
  return { of, limit: limit * shards, remaining: left * shards, resetMs };
}
