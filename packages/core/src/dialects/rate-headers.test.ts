import { expect, it } from 'vitest';
import { anthropicDialect } from './anthropic/anthropic-dialect.js';
import { rateHeaders } from './rate-headers.js';

const requests = { of: 'requests', limit: 60, remaining: 12, resetMs: 59_001 } as const;
const tokens = { of: 'tokens', limit: 1_000, remaining: 0, resetMs: 360_000 } as const;

it('tells what is left as OpenAI does', () => {
  expect(rateHeaders([requests, tokens])).toEqual({
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '12',
    'x-ratelimit-reset-requests': '1m0s',
    'x-ratelimit-limit-tokens': '1000',
    'x-ratelimit-remaining-tokens': '0',
    'x-ratelimit-reset-tokens': '6m0s',
  });
  expect(rateHeaders([{ ...requests, resetMs: 59_000 }])['x-ratelimit-reset-requests']).toBe('59s');
  expect(rateHeaders([{ ...requests, resetMs: 0 }])['x-ratelimit-reset-requests']).toBe('0s');
});

it('tells of several limits of one kind the tightest', () => {
  const more = { ...requests, limit: 6, remaining: 3 };
  const later = { ...more, limit: 7, resetMs: 60_000 };
  expect(rateHeaders([requests, more, later])['x-ratelimit-limit-requests']).toBe('7');
  expect(rateHeaders([later, more, requests])['x-ratelimit-limit-requests']).toBe('7');
  expect(rateHeaders([])).toEqual({});
});

it('tells it in the dialect of Anthropic as Anthropic does', () => {
  const now = Date.now();
  const headers = rateHeaders([requests], anthropicDialect().rateForm);
  expect(Object.keys(headers)).toEqual([
    'anthropic-ratelimit-requests-limit',
    'anthropic-ratelimit-requests-remaining',
    'anthropic-ratelimit-requests-reset',
  ]);
  const reset = headers['anthropic-ratelimit-requests-reset'] ?? '';
  expect(reset).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(Date.parse(reset)).toBeGreaterThanOrEqual(now + 59_001);
  expect(Date.parse(reset)).toBeLessThan(now + 61_000);
});
