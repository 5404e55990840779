import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { instantOf } from './instant.js';
import { limited } from './limited.js';
import { answered, limitsScene } from './limits-scene.test-helper.js';
import { memoryLimitStore } from './memory-limit-store.js';

const noon = Date.UTC(2026, 10, 26, 12);
const { minute } = instantOf(noon);

// Imported beforehand: an import cannot end while the clock stands still.
beforeAll(() => Promise.all([import('./create-limiter.js'), import('./built-in-prices.js')]));
beforeEach(() => void vi.useFakeTimers({ now: noon }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const prices = { '*': { input: 1, output: 10 }, none: { input: 0, output: 0 } };

describe('limited', () => {
  it('leaves a caller without limits alone', async () => {
    const { admit } = limitsScene({ teams: { search: { concurrent: 1 } } });
    expect(await admit()).toEqual({ allow: true, principal: 'me' });
    expect(await admit({ team: 'other', limits: [] })).toEqual({ allow: true, principal: 'me', team: 'other' });
  });

  it('leaves a denial alone, and whom the policy admits by address', async () => {
    const admitsSource = () => false;
    const denied = Object.assign(() => ({ allow: false as const, code: 'missing_token' as const }), { admitsSource });
    const policy = limited(denied, { store: memoryLimitStore(), each: { concurrent: 1 } });
    expect(await policy({ requestId: 'r' })).toEqual({ allow: false, code: 'missing_token' });
    expect(policy.admitsSource).toBe(admitsSource);
    expect(limited(() => denied(), { store: memoryLimitStore() })).not.toHaveProperty('admitsSource');
  });

  it('takes the limits over, so that nobody else checks them', async () => {
    const admission = await limitsScene().admit({ limits: [{ concurrent: 1 }] });
    expect(admission).not.toHaveProperty('limits');
    expect(admission.reserve).toBeTypeOf('function');
  });

  it.each([
    [{ everyone: { concurrent: 0 } }, 'everyone.concurrent must be'],
    [{ each: [{ usdPerDay: 1 }, {}] }, 'each[1] must have'],
    [{ teams: { search: { concurrant: 1 } } }, 'teams.search has an unknown member'],
    [{ prices: { a: {} } }, 'Price 1 must have input.'],
  ])('refuses the settings %j when it is made', (settings, message) => {
    const options = { store: memoryLimitStore(), ...settings } as Parameters<typeof limited>[1];
    expect(() => limited(() => ({ allow: true, principal: 'me' }), options)).toThrow(message);
  });

  it('checks the rules that a policy names, too', async () => {
    const rules = [{ concurrent: Number.NaN }];
    await expect(limitsScene().reserve({ caller: { limits: rules } })).rejects.toThrow(
      'A limit of a policy: [0].concurrent must be a whole number of at least 1.',
    );
  });

  it('runs the reserve of the policy first, and settles it if a limit refuses', async () => {
    const settle = vi.fn();
    const own = vi.fn(() => ({ allow: true as const, settle }));
    const { refuse, reserve } = limitsScene({ each: { concurrent: 1 } });
    await reserve({ caller: { reserve: own } });
    expect(settle).not.toHaveBeenCalled();
    expect(await refuse({ caller: { reserve: own } })).toMatchObject({ code: 'rate_limited' });
    expect(own).toHaveBeenCalledTimes(2);
    expect(await refuse({ caller: { reserve: () => ({ allow: false, code: 'throttled' }) } })).toMatchObject({
      code: 'throttled',
    });
  });
});

describe('the rules of a call', () => {
  it('count a caller, its team and everyone apart, in that order', async () => {
    const { reserve, updates } = limitsScene({
      ...{ everyone: { concurrent: 9 }, each: { concurrent: 9 }, teams: { search: { concurrent: 9 } } },
    });
    await reserve({ caller: { team: 'search' } });
    expect(updates.map(({ key }) => key)).toEqual(['p|me|*|0', 't|search|*|0', '*||*|0']);
  });

  it.each([
    [{}, 'each.concurrent', 'this caller'],
    [{ limits: [{ concurrent: 1 }] }, 'token.concurrent', 'this caller'],
    [{ limits: [], team: 'search' }, 'team.concurrent', 'this team'],
    [{ limits: [], team: 'unlisted' }, 'team.concurrent', 'this team'],
    [{ limits: [] }, 'everyone.concurrent', 'all callers together'],
  ])('of the caller %j are named as %s', async (caller, limit, words) => {
    const one = { concurrent: 1 };
    const { reserve, refuse } = limitsScene({ everyone: one, each: one, teams: { search: one, '*': one } });
    await reserve({ caller });
    const denial = await refuse({ caller });
    expect(denial).toMatchObject({ code: 'rate_limited', limit, retryAfterSeconds: 1 });
    expect(denial.message).toContain(`for ${words} is reached`);
  });

  it('of all other teams count each team for itself', async () => {
    const { reserve, refuse } = limitsScene({ teams: { '*': { concurrent: 1 } } });
    await reserve({ caller: { team: 'a' } });
    await reserve({ caller: { team: 'b' } });
    expect(await refuse({ caller: { team: 'a' } })).toMatchObject({ limit: 'team.concurrent' });
  });

  it('hold for models that match, of any target', async () => {
    const { reserve, updates } = limitsScene({
      each: [
        { models: ['*opus*'], concurrent: 1 },
        { models: ['b.*', 'a.*'], concurrent: 5 },
      ],
    });
    await reserve({ model: 'c.sonnet' });
    expect(updates).toEqual([]);
    await reserve({ targets: [{ model: 'c.sonnet' }, { model: 'b.opus' }] });
    expect(updates.map(({ key }) => key)).toEqual(['p|me|*opus*|0', 'p|me|a.*,b.*|0']);
  });

  it('use the shards alike', async () => {
    const { reserve, updates } = limitsScene({ everyone: { requestsPerMinute: 3_000, shards: 3 } });
    for (const random of [0, 0.34, 0.99]) {
      vi.spyOn(Math, 'random').mockReturnValue(random);
      const { rates } = await reserve();
      expect(rates).toMatchObject([{ limit: 3_000, remaining: 2_997 }]);
    }
    expect(updates.map(({ key }) => key)).toEqual(['*||*|0', '*||*|1', '*||*|2']);
  });
});

describe('a refusal', () => {
  it('gives back what earlier rules took', async () => {
    const { reserve, refuse, counters } = limitsScene({
      each: { requestsPerMinute: 5, tokensPerMinute: 50_000, concurrent: 5, tokensPerDay: 50_000 },
      everyone: { concurrent: 1 },
    });
    await reserve();
    const before = await counters('p|me|*|0');
    expect(await refuse()).toMatchObject({ limit: 'everyone.concurrent' });
    expect(await counters('p|me|*|0')).toEqual(before);
  });

  it('is remembered for a second, and costs no update meanwhile', async () => {
    const { reserve, refuse, updates } = limitsScene({ each: { requestsPerMinute: 1 } });
    await reserve();
    expect(await refuse()).toMatchObject({ retryAfterSeconds: 120 });
    vi.advanceTimersByTime(999);
    await refuse();
    expect(updates).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(await refuse()).toMatchObject({ retryAfterSeconds: 119 });
    expect(updates).toHaveLength(3);
  });

  it('is remembered for no longer than the caller is told to wait', async () => {
    const { reserve, refuse } = limitsScene({ each: { requestsPerMinute: 60 } });
    for (let call = 0; call < 60; call++) await reserve();
    vi.advanceTimersByTime(60_000);
    expect(await refuse()).toMatchObject({ retryAfterSeconds: 1 });
    vi.advanceTimersByTime(1_000);
    await reserve();
  });

  it.each([
    ['input', { prompt: 'x'.repeat(200), max_tokens: 50 }, { prompt: '', max_tokens: 50 }],
    ['output', { max_tokens: 100 }, { max_tokens: 50 }],
  ])('of a call with much %s does not hold for one with less', async (_name, large, small) => {
    const { reserve, refuse } = limitsScene({ each: { tokensPerDay: 120 } });
    await reserve({ body: { max_tokens: 50 } });
    await refuse({ body: large });
    await reserve({ body: small });
  });

  it('is forgotten once a call of this instance is over', async () => {
    const { reserve, refuse } = limitsScene({ each: { concurrent: 1 } });
    const { settle } = await reserve();
    await refuse();
    await settle?.(...answered(1));
    await reserve();
  });

  it('names the rates of the rule, but only if it has some', async () => {
    const { reserve, refuse } = limitsScene({
      each: { requestsPerMinute: 1, concurrent: 5 },
      teams: { t: { concurrent: 1 } },
    });
    expect((await reserve({ caller: { team: 't' } })).rates).toEqual([
      { of: 'requests', limit: 1, remaining: 0, resetMs: 120_000 },
    ]);
    expect((await refuse()).rates).toEqual([{ of: 'requests', limit: 1, remaining: 0, resetMs: 120_000 }]);
    expect(await refuse({ caller: { limits: [], team: 't' } })).not.toHaveProperty('rates');
  });

  it.each([
    [{ tokensPerDay: 4_000 }, 'each.tokensPerDay'],
    [{ usdPerDay: 0.04 }, 'each.usdPerDay'],
    [{ tokensPerMinute: 5 }, 'each.tokensPerMinute'],
  ])('of one call that is over the whole limit of %j writes nothing', async (each, limit) => {
    const { refuse, updates } = limitsScene({ each, prices });
    expect(await refuse({ body: { prompt: 'x'.repeat(20) } })).toMatchObject({ code: 'budget_exceeded', limit });
    expect(updates).toEqual([]);
  });

  it('comes with the counters of a store that does not give them with it', async () => {
    const memory = memoryLimitStore();
    const { reserve, refuse } = limitsScene({
      each: { requestsPerMinute: 10, tokensPerDay: 300 },
      store: {
        async update(...args) {
          const { applied, counters } = await memory.update(...args);
          return applied && counters ? { applied, counters } : { applied };
        },
      },
    });
    await reserve({ body: { max_tokens: 200 } });
    expect(await refuse({ body: { max_tokens: 200 } })).toMatchObject({
      limit: 'each.tokensPerDay',
      retryAfterSeconds: 5,
    });
  });
});

describe('a settle', () => {
  it('books what the call used', async () => {
    const { reserve, counters } = limitsScene({
      each: {
        tokensPerMinute: 9_000,
        concurrent: 2,
        tokensPerDay: 9_000,
        tokensPerMonth: 9_000,
        usdPerDay: 1,
        usdPerMonth: 1,
      },
      prices,
    });
    const { settle, cost } = await reserve({ body: { max_tokens: 500 } });
    expect(await counters('p|me|*|0')).toMatchObject({ n: 1, d20261126: 505, D20261126: 5_005_000 });
    await settle?.(...answered(20));
    expect(await counters('p|me|*|0')).toEqual({
      ...{ [`t${minute}`]: 30, d20261126: 30, m202611: 30, D20261126: 210_000, M202611: 210_000 },
    });
    expect(cost?.(...answered(20))).toBe(0.00021);
  });

  it('books the estimated input of a call that was taken as dead, and then what it really used', async () => {
    const { reserve, counters } = limitsScene({ each: { concurrent: 1, tokensPerDay: 900, usdPerDay: 0.007 }, prices });
    const { settle } = await reserve({ body: { max_tokens: 500 }, remainingMs: 30_000 });
    vi.advanceTimersByTime(120_000);
    const second = await reserve({ body: { max_tokens: 500 } });
    expect(await counters('p|me|*|0')).toMatchObject({ n: 1, d20261126: 505 + 5, D20261126: 5_005_000 + 5_000 });
    await settle?.(...answered(20));
    expect(await counters('p|me|*|0')).toMatchObject({ n: 1, d20261126: 505 + 30, D20261126: 5_005_000 + 210_000 });
    await second.settle?.(...answered(20));
    expect(await counters('p|me|*|0')).toEqual({ d20261126: 60, D20261126: 420_000 });
  });

  it('is not needed for a limit of requests alone', async () => {
    const { reserve, updates } = limitsScene({ each: { requestsPerMinute: 9 } });
    const { settle } = await reserve();
    await settle?.(...answered(1));
    expect(updates).toHaveLength(1);
  });

  it('expects of the next answer what the answers before had, in tokens per minute', async () => {
    const { reserve, counters } = limitsScene({ each: { tokensPerMinute: 1_000_000 } });
    const taken = async (body: object = {}, bodies = [body]) => {
      const before = (await counters('p|me|*|0'))[`t${minute}`] ?? 0;
      const reservation = await reserve({ bodies });
      return { ...reservation, tokens: ((await counters('p|me|*|0'))[`t${minute}`] ?? 0) - before };
    };
    const first = await taken();
    expect(first.tokens).toBe(1 + 1_024);
    await first.settle?.(...answered(100));
    expect((await taken()).tokens).toBe(1 + 100);
    await (await taken()).settle?.(...answered(300));
    expect((await taken()).tokens).toBe(1 + 200);
    expect((await taken({ max_tokens: 50 })).tokens).toBe(5 + 50);
    expect((await taken({}, [{}, {}])).tokens).toBe(2 + 400);
    // An answer that broke off says nothing of how long answers are.
    await (await taken()).settle?.({ outputTokens: 9_000 }, { accepted: true, textLength: 0 });
    expect((await taken()).tokens).toBe(1 + 200);
  });

  it('gives back all tokens of a refused call, but not its request', async () => {
    const { reserve, counters } = limitsScene({
      each: { requestsPerMinute: 5, tokensPerMinute: 5_000, tokensPerDay: 5_000 },
    });
    const { settle } = await reserve();
    await settle?.({}, { accepted: false, textLength: 0 });
    expect(await counters('p|me|*|0')).toEqual({ [`r${minute}`]: 1 });
  });

  it('leaves no counters behind that are no longer needed', async () => {
    const { reserve, updates } = limitsScene({ each: { tokensPerMinute: 5_000, concurrent: 5 } });
    await (await reserve({ remainingMs: 1_000 })).settle?.(...answered(5));
    vi.advanceTimersByTime(600_000);
    await (await reserve()).settle?.(...answered(5));
    expect(updates.at(-1)).toMatchObject({ remove: [`t${minute}`, `e${minute + 2}`] });
  });

  it('settles all the same if a counter came into use that seemed to be no longer needed', async () => {
    const { reserve, counters } = limitsScene({ each: { concurrent: 5 } });
    await (await reserve({ remainingMs: 600_000 })).settle?.(...answered(5));
    const first = await reserve({ remainingMs: 0 });
    const second = await reserve({ remainingMs: 600_000 });
    await first.settle?.(...answered(5));
    expect(await counters('p|me|*|0')).toEqual({ n: 1, [`e${minute + 11}`]: 1 });
    await second.settle?.(...answered(5));
    expect(await counters('p|me|*|0')).toEqual({});
  });
});

describe('a limit in money', () => {
  it('refuses a model without a price before anything is counted', async () => {
    const { refuse, reserve, updates } = limitsScene({
      ...{
        everyone: { concurrent: 5 },
        each: [{ models: ['a.*'], usdPerDay: 1 }],
        prices: { 'a.priced': { input: 1, output: 1 } },
      },
    });
    expect(await refuse({ targets: [{ model: 'a.priced' }, { model: 'b.none' }] })).toEqual({
      allow: false,
      code: 'model_not_priced',
    });
    expect(await refuse({ model: 'a.none' })).toMatchObject({ code: 'model_not_priced' });
    expect(updates).toEqual([]);
    await reserve({ model: 'b.none' });
    await reserve({ targets: [{ model: 'a.arn', pricedAs: 'a.priced' }] });
  });

  it('reserves for the dearest target, and books the one that answered', async () => {
    const { reserve, counters } = limitsScene({
      each: { usdPerDay: 1 },
      prices: { cheap: { input: 1, output: 2 }, dear: { input: 2, output: 4 } },
    });
    const { settle, cost } = await reserve({
      targets: [{ model: 'cheap' }, { model: 'dear' }],
      body: { max_tokens: 100 },
    });
    expect(await counters('p|me|*|0')).toMatchObject({ D20261126: 5 * 2_000 + 100 * 4_000 });
    const [usage, outcome] = answered(20);
    const served = { ...outcome, served: { modelId: 'cheap' } };
    await settle?.(usage, served);
    expect(await counters('p|me|*|0')).toEqual({ D20261126: 50_000 });
    expect(cost?.(usage, served)).toBe(0.00005);
  });
});

describe('the cost of a call', () => {
  it('is known for a caller with any limit, once the prices are loaded', async () => {
    const { reserve } = limitsScene({ each: { concurrent: 9 }, prices });
    await reserve();
    await vi.advanceTimersByTimeAsync(1);
    const { cost } = await reserve();
    expect(cost?.(...answered(1))).toBe(0.00002);
  });

  it('is known for a caller without limits if prices are given', async () => {
    const { reserve, updates } = limitsScene({ prices });
    await reserve();
    await vi.advanceTimersByTimeAsync(1);
    expect((await reserve()).cost?.(...answered(1))).toBe(0.00002);
    expect(updates).toEqual([]);
    expect((await reserve()).settle).toBeUndefined();
  });

  it('is not known for a model without a price', async () => {
    const { reserve } = limitsScene({ each: { concurrent: 9 } });
    await reserve();
    await vi.advanceTimersByTimeAsync(1);
    expect((await reserve()).cost?.(...answered(1))).toBeUndefined();
  });
});
