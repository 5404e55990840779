import { describe, expect, it, vi } from 'vitest';
import type { AccessDecision, AccessPolicy, Admission, Denial } from './access-policy.js';
import { allowAnonymous } from './allow-anonymous.js';
import { allOf, anyOf } from './compose.js';
import { ipAllowlist } from './ip-allowlist.js';
import { bearerTokens } from './known-tokens.js';
import { modelAllowlist } from './model-globs.js';

const request = { requestId: '1', token: 'secret-1', sourceIp: '10.1.2.3' };
const deny =
  (code: Denial['code'], more: Partial<Denial> = {}): AccessPolicy =>
  () => ({ allow: false, code, ...more });
const admit =
  (principal: string, more: Partial<Admission> = {}): AccessPolicy =>
  async () => ({ allow: true, principal, ...more });

function admission(decision: AccessDecision): Admission {
  if (!decision.allow) throw new Error(`refused: ${decision.code}`);
  return decision;
}

const outcome = { accepted: true, textLength: 0 };

describe('allOf', () => {
  it('admits a caller that all policies admit', async () => {
    expect(await allOf(admit('a'), admit('b'))(request)).toMatchObject({ allow: true });
  });

  it('returns the first denial unchanged and asks no further policy', async () => {
    const last = vi.fn(admit('c'));
    const policy = allOf(admit('a'), deny('throttled', { message: 'Slowly.' }), deny('ip_not_allowed'), last);
    expect(await policy(request)).toStrictEqual({ allow: false, code: 'throttled', message: 'Slowly.' });
    expect(last).not.toHaveBeenCalled();
  });

  it('uses the last principal that is not anonymous', async () => {
    const principal = async (...policies: AccessPolicy[]) => admission(await allOf(...policies)(request)).principal;
    expect(await principal(allowAnonymous(), admit('a'), modelAllowlist(['*']))).toBe('a');
    expect(await principal(admit('a'), admit('b'), ipAllowlist(['10.0.0.0/8']))).toBe('b');
    expect(await principal(allowAnonymous(), ipAllowlist(['10.0.0.0/8']))).toBe('anonymous');
  });

  it('permits only the models that all policies permit', async () => {
    const policy = allOf(
      modelAllowlist(['anthropic.*', 'amazon.*']),
      bearerTokens([{ id: 'a', token: 'secret-1', models: ['anthropic.*', 'meta.*'] }]),
    );
    const { permitsModel } = admission(await policy(request));
    expect(['anthropic.x', 'amazon.x', 'meta.x'].map((id) => permitsModel?.(id))).toEqual([true, false, false]);
  });

  it('permits any model if no policy restricts models', async () => {
    expect(admission(await allOf(admit('a'), admit('b'))(request)).permitsModel?.('any')).toBe(true);
  });

  it('permits a model only if permitsModel returns true', async () => {
    const loose = { permitsModel: (() => Promise.resolve(false)) as unknown as () => boolean };
    expect(admission(await allOf(admit('a', loose))(request)).permitsModel?.('any')).toBe(false);
  });

  it.each<[(boolean | undefined)[], boolean]>([
    [[undefined, undefined], true],
    [[true, undefined], true],
    [[undefined, false], false],
    [[false, true], false],
  ])('combines permitsStream %j into %j', async (permissions, isPermitted) => {
    const policies = permissions.map((permitsStream) =>
      admit('a', permitsStream === undefined ? {} : { permitsStream }),
    );
    expect(admission(await allOf(...policies)(request)).permitsStream).toBe(isPermitted);
  });

  it('runs every settle, even if another one throws', async () => {
    const failure = new Error('first');
    const first = vi.fn(() => {
      throw failure;
    });
    const second = vi.fn(async () => {});
    const { settle } = await allOf(admit('a', { settle: first }), admit('b', { settle: second }))(request);
    await expect(settle?.({ inputTokens: 5 }, outcome)).rejects.toBe(failure);
    expect(first).toHaveBeenCalledExactlyOnceWith({ inputTokens: 5 }, outcome);
    expect(second).toHaveBeenCalledExactlyOnceWith({ inputTokens: 5 }, outcome);
  });

  it('rejects with the errors of all failed settles', async () => {
    const failing = (name: string) => ({ settle: () => Promise.reject(new Error(name)) });
    const { settle } = await allOf(admit('a', failing('one')), admit('b', failing('two')))(request);
    const error: unknown = await Promise.resolve(settle?.({}, outcome)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors.map(String)).toEqual(['Error: one', 'Error: two']);
  });

  it('returns a denial with the settles of earlier admissions', async () => {
    const settle = vi.fn();
    const denial = await allOf(admit('a', { settle }), deny('invalid_token'))(request);
    expect(settle).not.toHaveBeenCalled();
    await denial.settle?.({}, outcome);
    expect(settle).toHaveBeenCalledOnce();
  });

  it('settles earlier admissions if a policy throws, and rethrows its error', async () => {
    const settle = vi.fn();
    const broken = new Error('broken');
    await expect(allOf(admit('a', { settle }), () => Promise.reject(broken))(request)).rejects.toBe(broken);
    expect(settle).toHaveBeenCalledExactlyOnceWith({}, { accepted: false, textLength: 0 });
  });

  it('rejects with both errors if a settle fails after a failed policy', async () => {
    const settle = () => Promise.reject(new Error('settle'));
    const error: unknown = await Promise.resolve(
      allOf(admit('a', { settle }), () => Promise.reject(new Error('policy')))(request),
    ).catch((reason: unknown) => reason);
    expect((error as AggregateError).errors.map(String)).toEqual(['Error: policy', 'Error: settle']);
  });

  it('can contain anyOf and can be inside it', async () => {
    const tokens = bearerTokens([{ id: 'a', token: 'secret-1' }]);
    const policy = allOf(ipAllowlist(['10.0.0.0/8']), anyOf(tokens, deny('auth_unavailable')));
    expect(await policy(request)).toMatchObject({ allow: true, principal: 'a' });
    expect(await policy({ ...request, token: 'other' })).toMatchObject({ code: 'auth_unavailable' });
    expect(await policy({ ...request, sourceIp: '11.1.1.1' })).toMatchObject({ code: 'ip_not_allowed' });
    expect(await anyOf(policy, tokens)({ ...request, sourceIp: '11.1.1.1' })).toMatchObject({ principal: 'a' });
  });

  it('has admitsSource if any policy has it', () => {
    const policy = allOf(ipAllowlist(['10.0.0.0/8']), allowAnonymous(), ipAllowlist(['10.1.0.0/16']));
    expect(['10.1.1.1', '10.2.1.1', undefined].map((ip) => policy.admitsSource?.(ip))).toEqual([true, false, false]);
    expect(allOf(allowAnonymous()).admitsSource).toBeUndefined();
  });

  it('throws if it has no policies', () => {
    expect(() => allOf()).toThrow(new TypeError('allOf needs at least one policy.'));
  });
});
