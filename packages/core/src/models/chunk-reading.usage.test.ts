import { expect, it } from 'vitest';
import { mergeUsage, readUsage, usageOf, withLargestOutput } from './chunk-reading.js';

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
  expect(usageOf({ inputTokens: undefined, outputTokens: undefined })).toBeUndefined();
});

it('mergeUsage replaces each counter by a later one, but not by zero', () => {
  expect(mergeUsage({ inputTokens: 3, outputTokens: 1 }, { outputTokens: 5, cacheWrite1hTokens: 2 })).toEqual({
    inputTokens: 3,
    outputTokens: 5,
    cacheWrite1hTokens: 2,
  });
  expect(mergeUsage({ inputTokens: 3 }, { inputTokens: 0, outputTokens: 0 })).toEqual({
    inputTokens: 3,
    outputTokens: 0,
  });
});

it('withLargestOutput takes the largest final count, and changes nothing without one', () => {
  const usage = { inputTokens: 3, outputTokens: 8 };
  expect(withLargestOutput(usage, 5, undefined, 4)).toEqual({ inputTokens: 3, outputTokens: 5 });
  expect(withLargestOutput(usage, undefined, 0)).toEqual(usage);
});
