import { describe, expect, it, vi } from 'vitest';
import type { AccessDecision, AccessPolicy, Denial } from './access-policy.js';
import { bearerTokens } from './bearer-tokens.js';
import { anyOf } from './compose.js';
import { ipAllowlist } from './ip-allowlist.js';

const deny =
  (code: Denial['code'], more: Partial<Denial> = {}): AccessPolicy =>
  () => ({ allow: false, code, ...more });
const admit =
  (principal: string): AccessPolicy =>
  async () => ({ allow: true, principal });
const anybody = { requestId: '1' };
const somebody = { requestId: '1', token: 'presented' };

const outcome = { accepted: true, textLength: 0 };

describe('anyOf', () => {
  it('lets in whom one of them lets in, with its rights, and asks no further', async () => {
    const last = vi.fn(admit('c'));
    const rights: AccessDecision = { allow: true, principal: 'b', permitsStream: false, permitsModel: () => false };
    expect(await anyOf(deny('auth_unavailable'), () => rights, last)(somebody)).toEqual(rights);
    expect(last).not.toHaveBeenCalled();
  });

  it.each<[Denial['code'][], Denial['code'], Denial['code']]>([
    // What they say, what a caller with a token is told, and one without.
    [['missing_token'], 'invalid_token', 'missing_token'],
    [['missing_token', 'missing_token'], 'invalid_token', 'missing_token'],
    [['invalid_token', 'missing_token'], 'invalid_token', 'missing_token'],
    [['missing_token', 'invalid_token'], 'invalid_token', 'missing_token'],
    [['invalid_token', 'auth_unavailable'], 'auth_unavailable', 'auth_unavailable'],
    [['auth_unavailable', 'missing_token'], 'auth_unavailable', 'auth_unavailable'],
    [['quota_exceeded', 'auth_unavailable'], 'auth_unavailable', 'auth_unavailable'],
    [['invalid_token', 'throttled'], 'throttled', 'throttled'],
    [['limits_unavailable', 'auth_unavailable'], 'auth_unavailable', 'auth_unavailable'],
    [['budget_exceeded', 'limits_unavailable'], 'limits_unavailable', 'limits_unavailable'],
    [['quota_exceeded', 'budget_exceeded'], 'budget_exceeded', 'budget_exceeded'],
    [['rate_limited', 'quota_exceeded'], 'quota_exceeded', 'quota_exceeded'],
    [['throttled', 'rate_limited'], 'rate_limited', 'rate_limited'],
    [['model_not_priced', 'throttled'], 'throttled', 'throttled'],
    [['invalid_token', 'model_not_priced'], 'model_not_priced', 'model_not_priced'],
    [['throttled', 'quota_exceeded', 'invalid_token'], 'quota_exceeded', 'quota_exceeded'],
    [['ip_not_allowed', 'missing_token'], 'invalid_token', 'missing_token'],
    [['invalid_token', 'ip_not_allowed'], 'invalid_token', 'missing_token'],
    [['ip_not_allowed', 'ip_not_allowed'], 'ip_not_allowed', 'ip_not_allowed'],
  ])('of %j makes %s with a token and %s without', async (codes, withToken, without) => {
    const policy = anyOf(...codes.map((code) => deny(code)));
    expect(await policy(somebody)).toEqual({ allow: false, code: withToken });
    expect(await policy(anybody)).toEqual({ allow: false, code: without });
  });

  it('keeps what the denial says beside its code', async () => {
    const said = { message: 'Wait for tomorrow.', retryAfterSeconds: 7, cause: new Error('budget') };
    expect(await anyOf(deny('missing_token'), deny('quota_exceeded', said))(somebody)).toEqual({
      allow: false,
      code: 'quota_exceeded',
      ...said,
    });
  });

  it('lets nobody in by what returns no decision', async () => {
    for (const nonsense of [undefined, null]) {
      await expect(anyOf((() => nonsense) as unknown as AccessPolicy, admit('b'))(somebody)).rejects.toThrow(TypeError);
    }
    const truthy = (() => ({ allow: 'false', code: 'invalid_token', principal: 'a' })) as unknown as AccessPolicy;
    expect(await anyOf(truthy)(somebody)).toEqual({ allow: false, code: 'invalid_token' });
  });

  it('lets nobody in where a policy throws before one admits, and settles what came before', async () => {
    const settle = vi.fn();
    const broken = new Error('broken');
    const policy = anyOf(
      deny('invalid_token', { settle }),
      () => {
        throw broken;
      },
      admit('c'),
    );
    await expect(policy(somebody)).rejects.toBe(broken);
    expect(settle).toHaveBeenCalledExactlyOnceWith({}, { accepted: false, textLength: 0 });
  });

  it('carries every settle that it asked for, once each', async () => {
    const settles = [vi.fn(), vi.fn(), vi.fn()];
    const policy = anyOf(
      deny('invalid_token', { settle: settles[0] as () => void }),
      () => ({ allow: true, principal: 'b', settle: settles[1] as () => void }),
      () => ({ allow: true, principal: 'c', settle: settles[2] as () => void }),
    );
    const { settle } = await policy(somebody);
    await settle?.({ outputTokens: 3 }, outcome);
    expect(settles[0]).toHaveBeenCalledExactlyOnceWith({ outputTokens: 3 }, outcome);
    expect(settles[1]).toHaveBeenCalledExactlyOnceWith({ outputTokens: 3 }, outcome);
    expect(settles[2]).not.toHaveBeenCalled();
  });

  it('judges by address early only where every one of them could', () => {
    const policy = anyOf(ipAllowlist(['10.0.0.0/8']), ipAllowlist(['192.0.2.0/24']));
    expect(['10.1.1.1', '192.0.2.1', '203.0.113.1', undefined].map((ip) => policy.admitsSource?.(ip))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(anyOf(ipAllowlist(['10.0.0.0/8']), bearerTokens([])).admitsSource).toBeUndefined();
  });

  it('needs a policy', () => {
    expect(() => anyOf()).toThrow(new TypeError('anyOf needs at least one policy.'));
  });
});
