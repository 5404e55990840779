import { describe, expect, it, vi } from 'vitest';
import type { AccessDecision, AccessPolicy, Admission, Denial } from './access-policy.js';
import { allowAnonymous } from './allow-anonymous.js';
import { bearerTokens } from './bearer-tokens.js';
import { allOf, anyOf } from './compose.js';
import { ipAllowlist } from './ip-allowlist.js';
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
  it('lets in whom all of them let in', async () => {
    expect(await allOf(admit('a'), admit('b'))(request)).toMatchObject({ allow: true });
  });

  it('stands by the first denial, as it was said, and asks no further', async () => {
    const last = vi.fn(admit('c'));
    const policy = allOf(admit('a'), deny('throttled', { message: 'Slowly.' }), deny('ip_not_allowed'), last);
    expect(await policy(request)).toEqual({ allow: false, code: 'throttled', message: 'Slowly.' });
    expect(last).not.toHaveBeenCalled();
  });

  it('is the last principal that somebody knows', async () => {
    const principal = async (...policies: AccessPolicy[]) => admission(await allOf(...policies)(request)).principal;
    expect(await principal(allowAnonymous(), admit('a'), modelAllowlist(['*']))).toBe('a');
    expect(await principal(admit('a'), admit('b'), ipAllowlist(['10.0.0.0/8']))).toBe('b');
    expect(await principal(allowAnonymous(), ipAllowlist(['10.0.0.0/8']))).toBe('anonymous');
  });

  it('permits the models that all of them permit', async () => {
    const policy = allOf(
      modelAllowlist(['anthropic.*', 'amazon.*']),
      bearerTokens([{ id: 'a', token: 'secret-1', models: ['anthropic.*', 'meta.*'] }]),
    );
    const { permitsModel } = admission(await policy(request));
    expect(['anthropic.x', 'amazon.x', 'meta.x'].map((id) => permitsModel?.(id))).toEqual([true, false, false]);
  });

  it('permits any model where none of them says otherwise', async () => {
    expect(admission(await allOf(admit('a'), admit('b'))(request)).permitsModel?.('any')).toBe(true);
  });

  it('takes only true for a permission', async () => {
    const loose = { permitsModel: (() => Promise.resolve(false)) as unknown as () => boolean };
    expect(admission(await allOf(admit('a', loose))(request)).permitsModel?.('any')).toBe(false);
  });

  it.each<[(boolean | undefined)[], boolean]>([
    [[undefined, undefined], true],
    [[true, undefined], true],
    [[undefined, false], false],
    [[false, true], false],
  ])('permits streams by %j: %j', async (permissions, isPermitted) => {
    const policies = permissions.map((permitsStream) =>
      admit('a', permitsStream === undefined ? {} : { permitsStream }),
    );
    expect(admission(await allOf(...policies)(request)).permitsStream).toBe(isPermitted);
  });

  it('lets a caller set what all of them that say anything share', async () => {
    const maySet = async (...all: (readonly ('trace' | 'latency' | 'metadata')[] | undefined)[]) => {
      const policies = all.map((clientMaySet) => admit('a', clientMaySet ? { clientMaySet } : {}));
      return admission(await allOf(...policies)(request)).clientMaySet;
    };
    expect(await maySet(['trace', 'latency'], undefined, ['latency', 'metadata'])).toEqual(['latency']);
    expect(await maySet(['trace'], [])).toEqual([]);
    expect(await maySet(undefined, undefined)).toBeUndefined();
  });

  it('runs the settle of each, whatever the others throw', async () => {
    const first = vi.fn(() => {
      throw new Error('first');
    });
    const second = vi.fn(async () => {});
    const { settle } = await allOf(admit('a', { settle: first }), admit('b', { settle: second }))(request);
    await expect(settle?.({ inputTokens: 5 }, outcome)).rejects.toThrow('first');
    expect(first).toHaveBeenCalledExactlyOnceWith({ inputTokens: 5 }, outcome);
    expect(second).toHaveBeenCalledExactlyOnceWith({ inputTokens: 5 }, outcome);
  });

  it('reports every settle that failed', async () => {
    const failing = (name: string) => ({ settle: () => Promise.reject(new Error(name)) });
    const { settle } = await allOf(admit('a', failing('one')), admit('b', failing('two')))(request);
    const error: unknown = await Promise.resolve(settle?.({}, outcome)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors.map(String)).toEqual(['Error: one', 'Error: two']);
  });

  it('has the settle of those that admitted before one denied', async () => {
    const settle = vi.fn();
    const denial = await allOf(admit('a', { settle }), deny('invalid_token'))(request);
    expect(settle).not.toHaveBeenCalled();
    await denial.settle?.({}, outcome);
    expect(settle).toHaveBeenCalledOnce();
  });

  it('settles those that admitted before one throws, and lets the error go on', async () => {
    const settle = vi.fn();
    const broken = new Error('broken');
    await expect(allOf(admit('a', { settle }), () => Promise.reject(broken))(request)).rejects.toBe(broken);
    expect(settle).toHaveBeenCalledExactlyOnceWith({}, { accepted: false, textLength: 0 });
  });

  it('reports a settle that fails after a policy that failed', async () => {
    const settle = () => Promise.reject(new Error('settle'));
    const error: unknown = await Promise.resolve(
      allOf(admit('a', { settle }), () => Promise.reject(new Error('policy')))(request),
    ).catch((reason: unknown) => reason);
    expect((error as AggregateError).errors.map(String)).toEqual(['Error: policy', 'Error: settle']);
  });

  it('composes with anyOf, inside and outside', async () => {
    const tokens = bearerTokens([{ id: 'a', token: 'secret-1' }]);
    const policy = allOf(ipAllowlist(['10.0.0.0/8']), anyOf(tokens, deny('auth_unavailable')));
    expect(await policy(request)).toMatchObject({ allow: true, principal: 'a' });
    expect(await policy({ ...request, token: 'other' })).toMatchObject({ code: 'auth_unavailable' });
    expect(await policy({ ...request, sourceIp: '11.1.1.1' })).toMatchObject({ code: 'ip_not_allowed' });
    expect(await anyOf(policy, tokens)({ ...request, sourceIp: '11.1.1.1' })).toMatchObject({ principal: 'a' });
  });

  it('judges by address early where any of them could', () => {
    const policy = allOf(ipAllowlist(['10.0.0.0/8']), allowAnonymous(), ipAllowlist(['10.1.0.0/16']));
    expect(['10.1.1.1', '10.2.1.1', undefined].map((ip) => policy.admitsSource?.(ip))).toEqual([true, false, false]);
    expect(allOf(allowAnonymous()).admitsSource).toBeUndefined();
  });

  it('needs a policy', () => {
    expect(() => allOf()).toThrow(new TypeError('allOf needs at least one policy.'));
  });
});
