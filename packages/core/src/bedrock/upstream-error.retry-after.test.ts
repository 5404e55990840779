import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readRetryAfter } from './upstream-error.js';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-10-21T07:29:00Z'), toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it.each([
  [{ 'retry-after': '7' }, 7],
  [{ 'retry-after': '1.5' }, 1.5],
  [{ 'retry-after': '0', 'x-amz-retry-after': '9000' }, 0],
  [{ 'retry-after': 'Wed, 21 Oct 2026 07:29:30 GMT' }, 30],
  [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, 0],
  [{ 'x-amz-retry-after': '2500' }, 2.5],
  [{ 'retry-after': '-3' }, undefined],
  [{ 'retry-after': '1e9' }, undefined],
  [{ 'retry-after': `2026${'0'.repeat(20)}` }, undefined],
  [{ 'retry-after': 'Wed, soon' }, undefined],
  [{ 'x-amz-retry-after': 'soon' }, undefined],
  [{}, undefined],
])('readRetryAfter reads %j as %s s', (headers, seconds) => {
  expect(readRetryAfter(headers)).toBe(seconds);
});
