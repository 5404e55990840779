import { describe, expect, it, vi } from 'vitest';
import type { AccessDecision, AccessPolicy, Denial } from './access-policy.js';
import { anyOf } from './compose.js';
import { ipAllowlist } from './ip-allowlist.js';
import { bearerTokens } from './known-tokens.js';

const deny =
  (code: Denial['code'], more: Partial<Denial> = {}): AccessPolicy =>
  () => ({ allow: false, code, ...more });
const admit =
  (principal: string): AccessPolicy =>
  async () => ({ allow: true, principal });
const requestWithoutToken = { requestId: '1' };
const requestWithToken = { requestId: '1', token: 'presented' };

const outcome = { accepted: true, textLength: 0 };

describe('anyOf', () => {
  it('admits a caller that one policy admits, with its rights, and asks no further policy', async () => {
    const last = vi.fn(admit('c'));
    const rights: AccessDecision = { allow: true, principal: 'b', permitsStream: false, permitsModel: () => false };
    expect(await anyOf(deny('auth_unavailable'), () => rights, last)(requestWithToken)).toEqual(rights);
    expect(last).not.toHaveBeenCalled();
  });

  it.each<[Denial['code'][], Denial['code'], Denial['code']]>([
    // The codes of the policies, the result with a token, the result without one.
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
  ])('combines %j into %s with a token and into %s without one', async (codes, withToken, without) => {
    const policy = anyOf(...codes.map((code) => deny(code)));
    expect(await policy(requestWithToken)).toEqual({ allow: false, code: withToken });
    expect(await policy(requestWithoutToken)).toEqual({ allow: false, code: without });
  });

  it('keeps message, retryAfterSeconds and cause of the denial', async () => {
    const details = { message: 'Wait for tomorrow.', retryAfterSeconds: 7, cause: new Error('budget') };
    expect(await anyOf(deny('missing_token'), deny('quota_exceeded', details))(requestWithToken)).toEqual({
      allow: false,
      code: 'quota_exceeded',
      ...details,
    });
  });

  it.each<[Denial['reason'], Denial['reason'], Denial['reason']]>([
    ['unknown', 'expired', 'expired'],
    ['expired', 'malformed', 'expired'],
    ['malformed', 'unknown', 'unknown'],
    ['issuer', 'signature', 'issuer'],
    [undefined, 'unknown', 'unknown'],
  ])('keeps the reason that tells most: of %s and %s, %s', async (one, other, reason) => {
    const refuse = (reason: Denial['reason']) => deny('invalid_token', reason && { reason });
    expect(await anyOf(refuse(one), refuse(other))(requestWithToken)).toMatchObject({ reason });
  });

  it('keeps no reason of a denial with another code', async () => {
    const policy = anyOf(deny('invalid_token', { reason: 'expired' }), deny('auth_unavailable'));
    expect(await policy(requestWithToken)).toEqual({ allow: false, code: 'auth_unavailable' });
  });

  it('admits no caller if a policy returns no decision', async () => {
    for (const nonsense of [undefined, null]) {
      await expect(anyOf((() => nonsense) as unknown as AccessPolicy, admit('b'))(requestWithToken)).rejects.toThrow(
        TypeError,
      );
    }
    const truthy = (() => ({ allow: 'false', code: 'invalid_token', principal: 'a' })) as unknown as AccessPolicy;
    expect(await anyOf(truthy)(requestWithToken)).toEqual({ allow: false, code: 'invalid_token' });
  });

  it('rejects if a policy throws before one admits, and settles earlier decisions', async () => {
    const settle = vi.fn();
    const broken = new Error('broken');
    const policy = anyOf(
      deny('invalid_token', { settle }),
      () => {
        throw broken;
      },
      admit('c'),
    );
    await expect(policy(requestWithToken)).rejects.toBe(broken);
    expect(settle).toHaveBeenCalledExactlyOnceWith({}, { accepted: false, textLength: 0 });
  });

  it('runs the settles of all policies that it asked, once each', async () => {
    const settles = [vi.fn(), vi.fn(), vi.fn()];
    const policy = anyOf(
      deny('invalid_token', { settle: settles[0] as () => void }),
      () => ({ allow: true, principal: 'b', settle: settles[1] as () => void }),
      () => ({ allow: true, principal: 'c', settle: settles[2] as () => void }),
    );
    const { settle } = await policy(requestWithToken);
    await settle?.({ outputTokens: 3 }, outcome);
    expect(settles[0]).toHaveBeenCalledExactlyOnceWith({ outputTokens: 3 }, outcome);
    expect(settles[1]).toHaveBeenCalledExactlyOnceWith({ outputTokens: 3 }, outcome);
    expect(settles[2]).not.toHaveBeenCalled();
  });

  it('has admitsSource only if all policies have it', () => {
    const policy = anyOf(ipAllowlist(['10.0.0.0/8']), ipAllowlist(['192.0.2.0/24']));
    expect(['10.1.1.1', '192.0.2.1', '203.0.113.1', undefined].map((ip) => policy.admitsSource?.(ip))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(anyOf(ipAllowlist(['10.0.0.0/8']), bearerTokens([])).admitsSource).toBeUndefined();
  });

  it('throws if it has no policies', () => {
    expect(() => anyOf()).toThrow(new TypeError('anyOf needs at least one policy.'));
  });
});
