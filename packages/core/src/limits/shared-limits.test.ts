import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { itemKey, sharedLimits } from './shared-limits.js';

it('shares every limit among the shards, in whole numbers', () => {
  const rule = {
    requestsPerMinute: 1_001,
    tokensPerMinute: 2_001,
    concurrent: 31,
    tokensPerDay: 7,
    tokensPerMonth: 8,
    usdPerDay: 0.5,
    usdPerMonth: 1.000001,
  };
  expect(sharedLimits({ ...rule, shards: 3 })).toEqual({
    ...{ requestsPerMinute: 333, tokensPerMinute: 667, concurrent: 10, tokensPerDay: 2, tokensPerMonth: 2 },
    ...{ nanoPerDay: 166_666_666, nanoPerMonth: 333_333_666 },
  });
  expect(sharedLimits({ usdPerDay: 0.1 })).toEqual({ nanoPerDay: 100_000_000 });
});

it.each([
  [{ kind: 'p', name: 'team|a' }, { concurrent: 1 }, 0, 'p|team%7Ca|*|0'],
  [{ kind: 't', name: 'search' }, { models: ['b.*', 'a.*'], concurrent: 1 }, 7, 't|search|a.*,b.*|7'],
  [{ kind: '*', name: '' }, { concurrent: 1 }, 0, '*||*|0'],
] as const)('names the item of %j', (subject, rule, shard, key) => {
  expect(itemKey(subject, rule, shard)).toBe(key);
});

it('hashes a key of over 512 bytes', () => {
  const ofLength = (length: number) => itemKey({ kind: 'p', name: 'x'.repeat(length - 6) }, { concurrent: 1 }, 0);
  expect(ofLength(512)).toHaveLength(512);
  expect(ofLength(513)).toBe(hash('sha256', `p|${'x'.repeat(507)}|*|0`));
});
