import { expect, it } from 'vitest';
import { readUsage, usageOf } from './chunk-reading.js';

const keys = { inputTokens: 'in', outputTokens: 'out', cacheReadTokens: 'read', cacheWriteTokens: 'write' };

it('readUsage reads counters by their keys and skips values that are not counts', () => {
  expect(readUsage({ in: 1, out: '2', read: 3.0, write: 0, other: 9 }, keys)).toEqual({
    inputTokens: 1,
    outputTokens: 2,
    cacheReadTokens: 3,
    cacheWriteTokens: 0,
  });
  expect(readUsage({ in: 1, out: null }, keys)).toEqual({ inputTokens: 1 });
  expect(readUsage({ in: 1, out: 2 }, { outputTokens: 'out' })).toEqual({ outputTokens: 2 });
});

it('readUsage and usageOf return undefined without counters', () => {
  expect(readUsage({ in: null }, keys)).toBeUndefined();
  expect(readUsage(undefined, keys)).toBeUndefined();
  expect(
    usageOf({
      inputTokens: undefined,
      outputTokens: undefined,
      cacheReadTokens: undefined,
      cacheWriteTokens: undefined,
    }),
  ).toBeUndefined();
});
