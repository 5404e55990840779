import { describe, expect, it } from 'vitest';
import { bookCall, mostCost, pricedTargets } from './book-call.js';
import { priceFinder } from './price.js';

const find = priceFinder(
  { cheap: { input: 1, output: 2 }, dear: { input: 10, output: 20 } },
  { regional: {}, global: {} },
);
const most = { inputTokens: 100, outputTokens: 400 };
const cheap = pricedTargets([{ model: 'cheap' }], find);
const both = pricedTargets(
  [
    { model: 'cheap', region: 'eu-west-1' },
    { model: 'dear', region: 'us-east-1' },
  ],
  find,
);
const complete = { accepted: true, complete: true, textLength: 9 };

describe('bookCall', () => {
  it.each([
    ['what a complete answer reports', { inputTokens: 5, outputTokens: 7 }, complete, 12, 19_000],
    [
      'cache writes, but no cache reads, as tokens',
      { inputTokens: 5, cacheReadTokens: 90, cacheWriteTokens: 4 },
      complete,
      9,
      99_000,
    ],
    ['output alone', { outputTokens: 7 }, complete, 7, 14_000],
    ['what was reserved for a complete answer without counts', {}, complete, 500, 900_000],
    ['what was reserved for a call that was given up', {}, { accepted: true, textLength: 0 }, 500, 900_000],
    ['nothing for a refused call', {}, { accepted: false, textLength: 0 }, 0, 0],
    ['input and the text of an answer that broke off', {}, { accepted: true, textLength: 41 }, 111, 122_000],
    [
      'what was counted before an answer broke off without text',
      { inputTokens: 3 },
      { accepted: true, textLength: 0 },
      3,
      3_000,
    ],
    ['its count of output if that is larger', { outputTokens: 12 }, { accepted: true, textLength: 41 }, 112, 124_000],
    ['its text if that is larger', { inputTokens: 3, outputTokens: 2 }, { accepted: true, textLength: 41 }, 14, 25_000],
  ])('books %s', (_name, usage, outcome, tokens, nano) => {
    expect(bookCall(cheap, usage, outcome, most)).toEqual({ tokens, nano });
  });

  it('prices the target that answered, and adds what failed ones reported', () => {
    const served = { modelId: 'dear', region: 'us-east-1' };
    const failed = [
      { modelId: 'cheap', code: 'upstream_error', durationMs: 1, usage: { inputTokens: 3, outputTokens: 1 } },
      { modelId: 'cheap', code: 'throttled', durationMs: 1 },
    ] as const;
    expect(bookCall(both, { inputTokens: 1 }, { ...complete, served }, most)).toEqual({ tokens: 1, nano: 10_000 });
    expect(bookCall(both, { inputTokens: 1 }, { ...complete, served, failed }, most)).toEqual({
      tokens: 5,
      nano: 15_000,
    });
    expect(bookCall(both, {}, { accepted: false, textLength: 0, failed }, most)).toEqual({ tokens: 4, nano: 5_000 });
  });

  it.each([
    [{ serviceTier: 'priority' }, undefined, undefined],
    [{ serviceTier: 'priority' }, 2, 2_000],
    [{ serviceTier: 'default' }, undefined, 1_000],
    [{ performanceLatency: 'standard' }, undefined, 1_000],
  ] as const)('knows a price in the tier %j with the factor %s: %s', (options, priceFactor, nano) => {
    const target = { model: 'cheap', options, ...(priceFactor !== undefined && { priceFactor }) };
    expect(bookCall(pricedTargets([target], find), { inputTokens: 1 }, complete, most).nano).toBe(nano);
  });

  it('tells targets of one model apart by their Region', () => {
    const targets = pricedTargets(
      [
        { model: 'cheap', region: 'eu-west-1' },
        { model: 'cheap', region: 'us-east-1', priceFactor: 3 },
        { model: 'arn', pricedAs: 'dear' },
      ],
      find,
    );
    const cost = (served: { modelId: string; region?: string }) =>
      bookCall(targets, { inputTokens: 1 }, { ...complete, served }, most).nano;
    expect(cost({ modelId: 'cheap', region: 'us-east-1' })).toBe(3_000);
    expect(cost({ modelId: 'cheap' })).toBe(1_000);
    expect(cost({ modelId: 'arn', region: 'us-east-1' })).toBe(10_000);
    expect(cost({ modelId: 'other' })).toBe(1_000);
    expect(bookCall(both, { inputTokens: 1 }, { ...complete, served: { modelId: 'dear' } }, most).nano).toBe(10_000);
  });

  it('knows no cost without a price, and still counts tokens', () => {
    const targets = pricedTargets([{ model: 'free' }], find);
    expect(bookCall(targets, { inputTokens: 4 }, complete, most)).toEqual({ tokens: 4, nano: undefined });
    expect(bookCall([], { inputTokens: 4 }, complete, most)).toEqual({ tokens: 4, nano: undefined });
    const some = pricedTargets([{ model: 'free' }, { model: 'cheap' }], find);
    const usage = { inputTokens: 3 };
    const failed = [{ modelId: 'free', code: 'upstream_error', durationMs: 1, usage }] as const;
    const outcome = { ...complete, served: { modelId: 'cheap' }, failed };
    expect(bookCall(some, { inputTokens: 4 }, outcome, most)).toEqual({ tokens: 7, nano: undefined });
  });
});

describe('mostCost', () => {
  it('is the cost of the dearest target', () => {
    expect(mostCost(both, most)).toEqual({ inputNano: 1_000_000, mostNano: 9_000_000 });
    expect(mostCost([...both].reverse(), most)).toEqual({ inputNano: 1_000_000, mostNano: 9_000_000 });
    const factor = pricedTargets([{ model: 'cheap', priceFactor: 100 }, { model: 'dear' }], find);
    expect(mostCost(factor, most)).toEqual({ inputNano: 10_000_000, mostNano: 90_000_000 });
    expect(mostCost(pricedTargets([{ model: 'none' }], find), most)).toEqual({ inputNano: 0, mostNano: 0 });
    expect(mostCost([], most)).toEqual({ inputNano: 0, mostNano: 0 });
  });
});
