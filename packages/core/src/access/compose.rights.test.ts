import { describe, expect, it, vi } from 'vitest';
import type { AccessDecision, AccessPolicy, Admission, CallToReserve, Denial, Reserve } from './access-policy.js';
import { allOf } from './compose.js';

const request = { requestId: '1' };
const admit =
  (more: Partial<Admission> = {}): AccessPolicy =>
  () => ({ allow: true, principal: 'a', ...more });
const notCalled = { accepted: false, textLength: 0 };

function admission(decision: AccessDecision): Admission {
  if (!decision.allow) throw new Error(`refused: ${decision.code}`);
  return decision;
}

const joined = async (...rights: readonly Partial<Admission>[]) =>
  admission(await allOf(...rights.map(admit))(request));

it('nothing is said that none of them says', async () => {
  const rights = ['allow', 'principal', 'permitsModel', 'permitsStream'];
  expect(Object.keys(await joined({}))).toEqual(rights);
  expect(Object.keys(await joined({}, {}))).toEqual(rights);
});

describe('settings of Bedrock', () => {
  it('are those of the policy that names any', async () => {
    const callOptions = { serviceTier: 'flex' } as const;
    expect((await joined({}, { callOptions }, {})).callOptions).toEqual(callOptions);
  });

  it('are those of the last policy that names them', async () => {
    const { callOptions } = await joined(
      { callOptions: { serviceTier: 'flex', performanceLatency: 'optimized' } },
      { callOptions: { serviceTier: 'priority' } },
    );
    expect(callOptions).toEqual({ serviceTier: 'priority', performanceLatency: 'optimized' });
  });

  it('may name one guardrail, as often as they like', async () => {
    const guardrail = { id: 'g', version: '1' };
    const traced = { ...guardrail, trace: 'ENABLED' } as const;
    const { callOptions } = await joined(
      { callOptions: { guardrail } },
      { callOptions: { serviceTier: 'flex' } },
      { callOptions: { guardrail: traced } },
    );
    expect(callOptions).toEqual({ guardrail: traced, serviceTier: 'flex' });
  });

  it.each([
    { id: 'g', version: '2' },
    { id: 'h', version: '1' },
  ])('cannot name two guardrails, which is a mistake that is settled: %j', async (other) => {
    const settle = vi.fn();
    const joining = joined(
      { settle, callOptions: { guardrail: { id: 'g', version: '1' } } },
      { callOptions: { guardrail: other } },
    );
    await expect(joining).rejects.toThrow(new TypeError('Two policies of allOf set different guardrails.'));
    expect(settle).toHaveBeenCalledExactlyOnceWith({}, notCalled);
  });
});

describe('a caller is exempt from the guardrail of the proxy', () => {
  it('if one of them exempts it', async () => {
    expect((await joined({}, { guardrail: 'exempt' })).guardrail).toBe('exempt');
    const callOptions = { serviceTier: 'flex' } as const;
    expect((await joined({ callOptions }, { guardrail: 'exempt' })).guardrail).toBe('exempt');
  });

  it('unless one of them names a guardrail', async () => {
    const callOptions = { guardrail: { id: 'g', version: '1' } };
    expect(await joined({ guardrail: 'exempt' }, { callOptions })).not.toHaveProperty('guardrail');
  });
});

describe('a reservation', () => {
  const call: CallToReserve = { targets: [{ model: 'm' }], bodies: [], signal: new AbortController().signal };
  const rate = { of: 'tokens', limit: 9, remaining: 8, resetMs: 7 } as const;
  const denial: Denial = { allow: false, code: 'rate_limited', retryAfterSeconds: 3 };

  async function reserving(...reserves: readonly (Reserve | undefined)[]) {
    const { reserve } = await joined(...reserves.map((each) => (each ? { reserve: each } : {})));
    if (!reserve) throw new Error('no reserve');
    return reserve(call);
  }

  it('is made with every policy in turn, and says nothing that none of them says', async () => {
    const order: string[] = [];
    const first = vi.fn<Reserve>(async () => {
      await Promise.resolve();
      order.push('first');
      return { allow: true };
    });
    const second = vi.fn<Reserve>(() => {
      order.push('second');
      return { allow: true };
    });
    expect(await reserving(first, undefined, second)).toStrictEqual({ allow: true });
    expect(order).toEqual(['first', 'second']);
    expect(first).toHaveBeenCalledExactlyOnceWith(call);
    expect(second).toHaveBeenCalledExactlyOnceWith(call);
  });

  it('has the settle and the rates of each', async () => {
    const [one, other] = [vi.fn(), vi.fn()];
    const reservation = await reserving(
      () => ({ allow: true, settle: one, rates: [rate] }),
      () => ({ allow: true }),
      () => ({ allow: true, settle: other, rates: [{ ...rate, of: 'requests' }] }),
    );
    expect(reservation).toEqual({
      allow: true,
      settle: expect.any(Function),
      rates: [rate, { ...rate, of: 'requests' }],
    });
    const outcome = { accepted: true, textLength: 1 };
    expect(await reserving(() => ({ allow: true, rates: [rate] }))).toStrictEqual({ allow: true, rates: [rate] });
    await reservation.settle?.({ inputTokens: 2 }, outcome);
    for (const settle of [one, other]) expect(settle).toHaveBeenCalledExactlyOnceWith({ inputTokens: 2 }, outcome);
  });

  it('that one denies is denied, asks no further, and carries the settles so far', async () => {
    const [one, own] = [vi.fn(), vi.fn()];
    const last = vi.fn<Reserve>(() => ({ allow: true }));
    const denied = await reserving(
      () => ({ allow: true, settle: one }),
      () => ({ ...denial, settle: own }),
      last,
    );
    expect(denied).toEqual({ ...denial, settle: expect.any(Function) });
    expect(last).not.toHaveBeenCalled();
    await denied.settle?.({}, notCalled);
    for (const settle of [one, own]) expect(settle).toHaveBeenCalledExactlyOnceWith({}, notCalled);
    expect(await reserving(() => denial)).toStrictEqual(denial);
  });

  it('that one fails to make is settled as far as it was made', async () => {
    const settle = vi.fn();
    const broken = new Error('broken');
    const making = reserving(
      () => ({ allow: true, settle }),
      () => Promise.reject(broken),
    );
    await expect(making).rejects.toBe(broken);
    expect(settle).toHaveBeenCalledExactlyOnceWith({}, notCalled);
  });
});

it('joins the own ids of models, and has none where nobody has', async () => {
  const policy = (modelAliases?: Readonly<Record<string, string>>) => () =>
    ({ allow: true, principal: 'a', ...(modelAliases && { modelAliases }) }) as const;
  const joined = await allOf(policy({ a: '1', b: '1' }), policy(), policy({ b: '2' }))({ requestId: 'r' });
  expect(joined).toMatchObject({ modelAliases: { a: '1', b: '2' } });
  expect(await allOf(policy(), policy())({ requestId: 'r' })).not.toHaveProperty('modelAliases');
});

describe('the team and the limits', () => {
  it('are those of the last policy that names them', async () => {
    const [first, second] = [[{ concurrent: 1 }], [{ concurrent: 2 }]];
    expect(await joined({ team: 'a', limits: first }, { team: 'b', limits: second }, {})).toMatchObject({
      team: 'b',
      limits: second,
    });
    expect(await joined({ team: 'a', limits: first }, { limits: [] })).toMatchObject({ team: 'a', limits: [] });
  });
});

describe('the cost', () => {
  it('is that of the last reservation that knows it', async () => {
    const [one, two] = [() => 1, () => 2];
    const reserving = (cost?: () => number): Partial<Admission> => ({
      reserve: () => ({ allow: true, ...(cost && { cost }) }),
    });
    const { reserve } = await joined(reserving(one), reserving(two), reserving());
    const call = { targets: [], bodies: [], signal: new AbortController().signal };
    expect(await reserve?.(call)).toEqual({ allow: true, cost: two });
  });
});
