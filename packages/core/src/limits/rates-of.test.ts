import { expect, it } from 'vitest';
import { instantOf } from './instant.js';
import { ratesOf } from './rates-of.js';

const at = instantOf(Date.UTC(2026, 10, 26, 12, 0, 15));
const minute = at.minute;

it('tells what is left of each limit per minute, of all shards', () => {
  const limits = { requestsPerMinute: 10, tokensPerMinute: 1_000, concurrent: 3 };
  const counters = { [`r${minute}`]: 2, [`r${minute - 1}`]: 3, [`t${minute - 1}`]: 400 };
  expect(ratesOf(limits, 2, at, counters)).toEqual([
    { of: 'requests', limit: 20, remaining: 10, resetMs: 105_000 },
    { of: 'tokens', limit: 2_000, remaining: 1_400, resetMs: 45_000 },
  ]);
});

it('is all there if nothing was used, and never less than nothing', () => {
  expect(ratesOf({ requestsPerMinute: 10 }, 1, at, {})).toEqual([
    { of: 'requests', limit: 10, remaining: 10, resetMs: 0 },
  ]);
  expect(ratesOf({ tokensPerMinute: 10 }, 1, at, { [`t${minute}`]: 30 })).toMatchObject([{ remaining: 0 }]);
  expect(ratesOf({ concurrent: 10 }, 1, at, {})).toEqual([]);
});
