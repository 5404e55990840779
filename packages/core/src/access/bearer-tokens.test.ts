import { createHash, timingSafeEqual } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AccessRequest } from './access-policy.js';
import { bearerTokens } from './bearer-tokens.js';
import type { TokenRecord } from './token-record.js';

vi.mock('node:crypto', { spy: true });

const sha256 = (token: string) => createHash('sha256').update(token).digest('hex');
const ask = (records: readonly TokenRecord[], request: Partial<AccessRequest>) =>
  bearerTokens(records)({ requestId: '1', ...request });

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 5, 15, 12) });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('bearerTokens', () => {
  it.each<[string, TokenRecord]>([
    ['itself', { id: 'a', token: 'secret-1' }],
    ['its hash', { id: 'a', sha256: sha256('secret-1') }],
    ['its hash in upper case', { id: 'a', sha256: sha256('secret-1').toUpperCase() }],
  ])('accepts a token that is known by %s, with every right', (_, record) => {
    expect(ask([record], { token: 'secret-1' })).toEqual({ allow: true, principal: 'a' });
  });

  it('asks for a token where there is none', () => {
    expect(ask([{ id: 'a', token: 'secret-1' }], {})).toEqual({ allow: false, code: 'missing_token' });
  });

  it.each(['secret-2', 'secret-', 'secret-11', 'SECRET-1', ' secret-1', '', sha256('secret-1')])(
    'refuses %j',
    (token) => {
      const records = [
        { id: 'a', token: 'secret-1' },
        { id: 'b', sha256: sha256('secret-b') },
      ];
      expect(ask(records, { token })).toEqual({ allow: false, code: 'invalid_token' });
    },
  );

  it('admits nobody by no records', () => {
    expect(ask([], { token: 'secret-1' })).toEqual({ allow: false, code: 'invalid_token' });
  });

  it('compares with every record, wherever the match stands', () => {
    const compare = vi.mocked(timingSafeEqual);
    const records = ['one', 'two', 'three'].map((id) => ({ id, token: `secret-${id}` }));
    for (const token of ['secret-one', 'secret-two', 'secret-three', 'unknown']) {
      compare.mockClear();
      ask(records, { token });
      expect(compare).toHaveBeenCalledTimes(3);
    }
  });

  it.each<[string, Partial<TokenRecord>, boolean]>([
    ['a moment before it begins', { notBefore: '2026-06-15T12:00:00.001Z' }, false],
    ['when it begins', { notBefore: '2026-06-15T12:00:00Z' }, true],
    ['a moment before it ends', { expiresAt: '2026-06-15T12:00:00.001Z' }, true],
    ['when it ends', { expiresAt: '2026-06-15T12:00:00Z' }, false],
    ['in another zone', { expiresAt: '2026-06-15T14:00:01+02:00' }, true],
    ['in another zone, too late', { expiresAt: '2026-06-15T14:00:00+02:00' }, false],
    ['without a zone, as UTC', { expiresAt: '2026-06-15T12:00:01', notBefore: '2026-06-15T12:00:00' }, true],
    ['that ended when time began', { expiresAt: '1970-01-01T00:00:00Z' }, false],
    ['on the day it ends', { expiresAt: '2026-06-15' }, false],
    ['on the day before', { expiresAt: '2026-06-16', notBefore: '2026-06-15' }, true],
    ['while disabled', { disabled: true }, false],
    ['while not disabled', { disabled: false }, true],
    ['from within its addresses', { ips: ['192.0.2.0/24', '10.0.0.0/8'] }, true],
    ['from outside', { ips: ['192.0.2.0/24'] }, false],
    ['from nowhere', { ips: [] }, false],
  ])('judges a token used %s', (_, restriction, isUsable) => {
    const decision = ask([{ id: 'a', token: 'secret-1', ...restriction }], { token: 'secret-1', sourceIp: '10.1.2.3' });
    expect(decision).toMatchObject(isUsable ? { allow: true } : { allow: false, code: 'invalid_token' });
  });

  it('refuses a token that is bound to addresses where the source is unknown', () => {
    const records = [{ id: 'a', token: 'secret-1', ips: ['0.0.0.0/0', '::/0'] }];
    expect(ask(records, { token: 'secret-1' })).toMatchObject({ code: 'invalid_token' });
  });

  it('takes a time without a zone for UTC wherever it runs', () => {
    vi.stubEnv('TZ', 'America/New_York');
    expect(new Date().getTimezoneOffset()).not.toBe(0);
    const records = [
      { id: 'a', token: 'secret-1', notBefore: '2026-06-15T12:00:00', expiresAt: '2026-06-15T12:00:01' },
    ];
    expect(ask(records, { token: 'secret-1' })).toMatchObject({ allow: true });
  });

  it('lets a token end while the process runs', () => {
    const policy = bearerTokens([{ id: 'a', token: 'secret-1', expiresAt: '2026-06-15T12:01:00Z' }]);
    expect(policy({ requestId: '1', token: 'secret-1' })).toMatchObject({ allow: true });
    vi.advanceTimersByTime(60_000);
    expect(policy({ requestId: '1', token: 'secret-1' })).toMatchObject({ allow: false });
  });

  it('lets two records of one id overlap, which is a rotation', () => {
    const records = [
      { id: 'a', token: 'secret-old', expiresAt: '2026-06-16' },
      { id: 'a', token: 'secret-new', notBefore: '2026-06-14' },
    ];
    for (const token of ['secret-old', 'secret-new']) expect(ask(records, { token })).toMatchObject({ principal: 'a' });
    vi.setSystemTime(Date.UTC(2026, 5, 16));
    expect(ask(records, { token: 'secret-old' })).toMatchObject({ code: 'invalid_token' });
    expect(ask(records, { token: 'secret-new' })).toMatchObject({ principal: 'a' });
  });

  it('takes the first usable of two records of one token', () => {
    const records = [
      { id: 'a', token: 'secret-1', disabled: true },
      { id: 'b', token: 'secret-1' },
      { id: 'c', token: 'secret-1' },
    ];
    expect(ask(records, { token: 'secret-1' })).toMatchObject({ principal: 'b' });
  });

  it('gives the rights of the record', () => {
    const decision = ask([{ id: 'a', token: 'secret-1', models: ['anthropic.*'], stream: false }], {
      token: 'secret-1',
    });
    if (decision instanceof Promise || !decision.allow) throw new Error('refused');
    expect(decision.permitsStream).toBe(false);
    expect(decision.permitsModel?.('anthropic.claude')).toBe(true);
    expect(decision.permitsModel?.('amazon.nova')).toBe(false);
  });

  it('gives no model to an empty list', () => {
    const decision = ask([{ id: 'a', token: 'secret-1', models: [] }], { token: 'secret-1' });
    if (decision instanceof Promise || !decision.allow) throw new Error('refused');
    expect(decision.permitsModel?.('anthropic.claude')).toBe(false);
  });

  it('throws for a record that cannot be used, before anybody calls', () => {
    expect(() => bearerTokens([{ id: 'a' }])).toThrow(TypeError);
  });
});
