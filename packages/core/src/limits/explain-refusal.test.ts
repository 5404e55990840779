import { describe, expect, it } from 'vitest';
import { explainRefusal, refuseTooLarge } from './explain-refusal.js';
import { instantOf, minuteMs } from './instant.js';
import { takenBy } from './plan-admission.js';
import { sharedLimits } from './shared-limits.js';

const noon = Date.UTC(2026, 10, 26, 12);
const minute = noon / minuteMs;
const at = instantOf(noon);
const estimate = {
  ...{ inputTokens: 100, outputTokens: 400, usualOutputTokens: 50 },
  ...{ inputNano: 1_000_000, mostNano: 9_000_000, remainingMs: 90_000 },
};
const rule = {
  ...{ requestsPerMinute: 8, tokensPerMinute: 800, concurrent: 3 },
  ...{ tokensPerDay: 10_000, tokensPerMonth: 20_000, usdPerDay: 0.5, usdPerMonth: 1_234.5 },
};
const owned = { rule, scope: 'team', name: 'this team' } as const;
const limits = sharedLimits(rule);
const taken = takenBy(limits, estimate, at);
const hold = (counter: string) => `${counter}20261126.${minute + 9}`;

describe('explainRefusal', () => {
  it.each([
    [
      { n: 3 },
      'concurrent',
      1,
      'The limit of 3 calls at the same time for this team is reached. Wait 1 s, then retry.',
    ],
    [
      { [`r${minute - 1}`]: 8 },
      'requestsPerMinute',
      8,
      'The limit of 8 requests per minute for this team is reached. Wait 8 s, then retry.',
    ],
    [
      { [`t${minute}`]: 800 },
      'tokensPerMinute',
      72,
      'The limit of 800 tokens per minute for this team is reached. Wait 72 s, then retry.',
    ],
    [
      { d20261126: 9_501, [hold('h')]: 1 },
      'tokensPerDay',
      5,
      'The limit of 10,000 tokens per day for this team is reached by calls under way, which may use less. Wait 5 s, then retry.',
    ],
    [{ m202611: 19_600, [hold('h')]: 100 }, 'tokensPerMonth', 5, 'The limit of 20,000 tokens per month for this team'],
    [
      { D20261126: 495_000_000, [hold('H')]: 4_000_000 },
      'usdPerDay',
      5,
      'The limit of $0.50 per day for this team is reached by calls',
    ],
    [
      { M202611: 1_234_500_000_000, [hold('H')]: 9_000_000 },
      'usdPerMonth',
      5,
      'The limit of $1,234.50 per month for this team',
    ],
  ])('of %j names the limit and when it has room', (counters, name, retryAfterSeconds, message) => {
    const denial = explainRefusal(limits, taken, counters, owned);
    expect(denial).toMatchObject({ allow: false, code: 'rate_limited', limit: `team.${name}`, retryAfterSeconds });
    expect(denial.message?.slice(0, message.length)).toBe(message);
  });

  it.each([
    [{ d20261126: 9_501 }, 'tokensPerDay', '10,000 tokens per day', '2026-11-27T00:00:00Z'],
    [{ m202611: 19_701, [hold('h')]: 200 }, 'tokensPerMonth', '20,000 tokens per month', '2026-12-01T00:00:00Z'],
    [{ D20261126: 491_000_001 }, 'usdPerDay', '$0.50 per day', '2026-11-27T00:00:00Z'],
    [
      { M202611: 1_234_500_000_000, [hold('H')]: 8_999_999 },
      'usdPerMonth',
      '$1,234.50 per month',
      '2026-12-01T00:00:00Z',
    ],
  ])('of %j says until when a budget is used up, and not to wait', (counters, name, words, end) => {
    const denial = explainRefusal(limits, taken, counters, owned);
    expect(denial).toEqual({
      ...{ allow: false, code: 'budget_exceeded', limit: `team.${name}` },
      message: `The budget of ${words} for this team is used up until ${end}, or what is left is too little for this request. Wait until then, or ask the operator of this proxy to raise it.`,
    });
  });

  it('names of several limits the one that holds longest', () => {
    const full = { n: 3, [`r${minute - 1}`]: 8, [`t${minute}`]: 800 };
    expect(explainRefusal(limits, taken, full, owned)).toMatchObject({ limit: 'team.tokensPerMinute' });
    expect(explainRefusal(limits, taken, { ...full, d20261126: 9_999 }, owned)).toMatchObject({
      limit: 'team.tokensPerDay',
    });
  });

  it('has a word even if the counters have room again', () => {
    expect(explainRefusal(limits, taken, {}, owned)).toMatchObject({
      ...{ code: 'rate_limited', limit: 'team.requestsPerMinute', retryAfterSeconds: 1 },
    });
    const money = { ...owned, rule: { usdPerDay: 1 } };
    expect(explainRefusal({ nanoPerDay: 1e9 }, taken, {}, money)).toMatchObject({ limit: 'team.usdPerDay' });
  });
});

describe('refuseTooLarge', () => {
  it.each([
    [{ tokensPerDay: 499 }, 'tokensPerDay'],
    [{ tokensPerMonth: 499 }, 'tokensPerMonth'],
    [{ usdPerDay: 0.008 }, 'usdPerDay'],
    [{ usdPerMonth: 0.008 }, 'usdPerMonth'],
    [{ tokensPerMinute: 99 }, 'tokensPerMinute'],
  ])('refuses a call that is over the whole limit of %j', (small, name) => {
    const own = sharedLimits(small);
    const denial = refuseTooLarge(own, takenBy(own, estimate, at), { ...owned, rule: small }, 100);
    expect(denial).toMatchObject({ code: 'budget_exceeded', limit: `team.${name}` });
    expect(denial?.message).toMatch(
      /^This request alone may use more than the limit of .+ for this team\. Send less, or ask for a shorter answer\.$/,
    );
    expect(denial).not.toHaveProperty('retryAfterSeconds');
  });

  it.each([
    { tokensPerDay: 500 },
    { usdPerDay: 0.009 },
    { tokensPerMinute: 100 },
    { concurrent: 1 },
    { requestsPerMinute: 1 },
  ])('leaves a call alone that may fit %j', (enough) => {
    const own = sharedLimits(enough);
    expect(refuseTooLarge(own, takenBy(own, estimate, at), { ...owned, rule: enough }, 100)).toBeUndefined();
  });
});
