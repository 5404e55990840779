import { describe, expect, it, vi } from 'vitest';
import { readConfiguration } from './read-configuration.js';

const token = 'a-token-of-many-characters';
const signal = new AbortController().signal;
const call = { targets: [{ model: 'a.b' }], bodies: [Buffer.from('{"max_tokens":10}')], signal };

async function reading(environment: Record<string, string>) {
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const { proxy } = readConfiguration({ AUTH_TOKEN: token, ...environment }, logger);
  const decision = await proxy.access({ requestId: 'r-1', token });
  if (!decision.allow) throw new Error(decision.code);
  return { logger, proxy, reserve: decision.reserve };
}

const memory = { LIMITS_TABLE: ':memory:' };
const oneCall = JSON.stringify({ each: { concurrent: 1 } });

describe('the limits of the environment', () => {
  it('are none without a variable, and none without a rule', async () => {
    expect((await reading({})).reserve).toBeUndefined();
    expect((await reading({ LIMITS_TABLE: 'limits' })).reserve).toBeUndefined();
    expect((await reading({ ...memory, LIMITS: '{}' })).reserve).toBeUndefined();
  });

  it('hold for callers, and are counted in memory if that is asked for, with a warning', async () => {
    const { reserve, logger } = await reading({ ...memory, LIMITS: oneCall });
    expect(await reserve?.(call)).toMatchObject({ allow: true });
    expect(await reserve?.(call)).toMatchObject({ allow: false, code: 'rate_limited', limit: 'each.concurrent' });
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
      { event: 'limits.memory', variable: 'LIMITS_TABLE' },
      expect.stringContaining('each instance counts for itself'),
    );
  });

  it('of a token record hold in place of those for each caller', async () => {
    const own = 'another-token-of-many-characters';
    const { proxy } = await reading({
      ...memory,
      LIMITS: oneCall,
      AUTH_TOKENS: JSON.stringify([{ id: 'me', token: own, team: 'search', limits: { requestsPerMinute: 1 } }]),
    });
    const decision = await proxy.access({ requestId: 'r-1', token: own });
    if (!decision.allow) throw new Error(decision.code);
    expect(decision).toMatchObject({ principal: 'me', team: 'search' });
    await decision.reserve?.(call);
    expect(await decision.reserve?.(call)).toMatchObject({ limit: 'token.requestsPerMinute' });
  });

  it.each([
    ['everyone', { usdPerDay: 5 }],
    ['each', { usdPerMonth: 5 }],
  ])('of %s in dollars need the price of a tier', async (who, rule) => {
    const limits = { ...memory, LIMITS: JSON.stringify({ [who]: rule }) };
    const tier = (target: object) => ({
      MODEL_ALIASES: JSON.stringify({ fast: { targets: [{ model: 'a.b', ...target }] }, plain: 'a.c' }),
    });
    const flex = { options: { serviceTier: 'flex' } };
    await expect(reading({ ...limits, ...tier(flex) })).rejects.toThrow(
      'MODEL_ALIASES needs priceFactor beside serviceTier in the targets of fast',
    );
    await expect(reading({ ...limits, ...tier({ ...flex, priceFactor: 0.5 }) })).resolves.toBeDefined();
    await expect(reading({ ...limits, ...tier({ options: { serviceTier: 'default' } }) })).resolves.toBeDefined();
    await expect(reading({ ...memory, LIMITS: oneCall, ...tier(flex) })).resolves.toBeDefined();
  });

  it('take prices from PRICES', async () => {
    const { reserve } = await reading({
      ...{ ...memory, LIMITS: '{"everyone":{"usdPerDay":0.00001}}' },
      PRICES: '{"a.*":{"input":1,"output":1}}',
    });
    expect(await reserve?.(call)).toMatchObject({ code: 'budget_exceeded', limit: 'everyone.usdPerDay' });
  });

  it('are not needed for the cost in the log: PRICES alone gives it', async () => {
    const { reserve, logger } = await reading({ PRICES: '{"a.*":{"input":1,"output":1}}' });
    await reserve?.(call);
    await vi.waitFor(async () => {
      const reservation = await reserve?.(call);
      if (!reservation?.allow) throw new Error('refused');
      const outcome = { accepted: true, complete: true, textLength: 0 };
      expect(reservation.cost?.({ inputTokens: 2 }, outcome)).toBe(0.000002);
    });
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('of a record refuse its caller if only PRICES is set', async () => {
    const own = 'another-token-of-many-characters';
    const { proxy } = await reading({
      PRICES: '{}',
      AUTH_TOKENS: JSON.stringify([{ id: 'me', token: own, limits: { concurrent: 1 } }]),
    });
    const decision = await proxy.access({ requestId: 'r-1', token: own });
    const denial = decision.allow ? await decision.reserve?.(call) : undefined;
    expect(denial).toMatchObject({
      code: 'limits_unavailable',
      cause: expect.objectContaining({ message: expect.stringContaining('LIMITS_TABLE is not set') }),
    });
  });

  it('keep the check of addresses', async () => {
    const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const environment = { AUTH_TOKEN: token, ...memory, LIMITS: oneCall, ALLOWED_IPS: '10.0.0.0/8' };
    const { proxy } = readConfiguration(environment, logger);
    expect(proxy.access.admitsSource?.('192.0.2.1')).toBe(false);
    expect(proxy.access.admitsSource?.('10.0.0.1')).toBe(true);
  });

  it('give their timeout to the answers that wait for a settle', async () => {
    expect((await reading({ LIMITS_TIMEOUT_MS: '400' })).proxy.settleTimeoutMs).toBe(900);
  });

  it.each([
    ['LIMITS', { LIMITS: oneCall }, 'LIMITS needs LIMITS_TABLE, a DynamoDB table'],
    ['LIMITS', { ...memory, LIMITS: '{geheim' }, 'LIMITS must be a JSON object: {"everyone": {…}'],
    ['LIMITS', { ...memory, LIMITS: '[]' }, 'LIMITS must be a JSON object'],
    ['LIMITS', { ...memory, LIMITS: ' ' }, 'LIMITS is set but blank.'],
    [
      'LIMITS',
      { ...memory, LIMITS: '{"all":{"concurrent":1}}' },
      'LIMITS has a member that is none of everyone, each, teams.',
    ],
    ['LIMITS', { ...memory, LIMITS: '{"teams":[]}' }, 'LIMITS needs teams to be an object'],
    [
      'LIMITS',
      { ...memory, LIMITS: '{"everyone":{"concurent":1}}' },
      'LIMITS is invalid: everyone has an unknown member',
    ],
    [
      'LIMITS',
      { ...memory, LIMITS: '{"teams":{"a":[{"usdPerDay":"geheim"}]}}' },
      'LIMITS is invalid: teams.a[0].usdPerDay must be',
    ],
    ['LIMITS_TABLE', { LIMITS_TABLE: 'a table' }, 'LIMITS_TABLE must be the name or the ARN of a DynamoDB table.'],
    ['LIMITS_TABLE', { LIMITS_TABLE: 'arn:aws:s3:::geheim' }, 'LIMITS_TABLE must be'],
    ['LIMITS_ON_FAILURE', { LIMITS_ON_FAILURE: 'geheim' }, 'LIMITS_ON_FAILURE must be one of closed, open.'],
    ['PRICES', { PRICES: 'geheim' }, 'PRICES must be a JSON object'],
    ['PRICES', { PRICES: '{"geheim":{"input":1}}' }, 'PRICES is invalid: Price 1 must have output.'],
  ])('that are invalid keep the function from starting: %s %j', (variable, environment, message) => {
    const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    let error: unknown;
    try {
      readConfiguration({ AUTH_TOKEN: token, ...environment }, logger);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ variable, message: expect.not.stringContaining('geheim') });
    expect(String((error as Error).message).slice(0, message.length)).toBe(message);
  });

  it.each([
    'limits',
    'my.limits-table_1',
    'arn:aws:dynamodb:eu-west-1:111122223333:table/limits',
    'arn:aws-us-gov:dynamodb:us-gov-west-1:111122223333:table/limits',
  ])('may be counted in the table %s', async (table) => {
    expect((await reading({ LIMITS_TABLE: table, LIMITS: oneCall })).reserve).toBeTypeOf('function');
  });
});
