import { expect, it } from 'vitest';
import { endOfPeriod, instantOf } from './instant.js';

it('names a moment in UTC', () => {
  const ms = Date.UTC(2026, 11, 31, 23, 59, 45, 500);
  expect(instantOf(ms)).toEqual({
    ms,
    minute: 29_979_359,
    leftMs: 14_500,
    day: '20261231',
    month: '202612',
  });
});

it('knows the end of its day and of its month', () => {
  const last = instantOf(Date.UTC(2026, 11, 31, 23, 59));
  expect(endOfPeriod(last, 'day')).toBe('2027-01-01T00:00:00Z');
  expect(endOfPeriod(last, 'month')).toBe('2027-01-01T00:00:00Z');
  expect(endOfPeriod(instantOf(Date.UTC(2026, 1, 28)), 'day')).toBe('2026-03-01T00:00:00Z');
  expect(endOfPeriod(instantOf(Date.UTC(2026, 1, 3, 5)), 'month')).toBe('2026-03-01T00:00:00Z');
});
