import { createHash, timingSafeEqual } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AccessRequest } from './access-policy.js';
import { bearerTokens } from './known-tokens.js';
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
    ['value', { id: 'a', token: 'secret-1' }],
    ['hash', { id: 'a', sha256: sha256('secret-1') }],
    ['hash in upper case', { id: 'a', sha256: sha256('secret-1').toUpperCase() }],
  ])('admits a token that is configured by %s, with all rights', (_, record) => {
    expect(ask([record], { token: 'secret-1' })).toEqual({ allow: true, principal: 'a' });
  });

  it('returns missing_token if there is no token', () => {
    expect(ask([{ id: 'a', token: 'secret-1' }], {})).toEqual({ allow: false, code: 'missing_token' });
  });

  it.each(['secret-2', 'secret-', 'secret-11', 'SECRET-1', ' secret-1', '', sha256('secret-1')])(
    'refuses the token %j',
    (token) => {
      const records = [
        { id: 'a', token: 'secret-1' },
        { id: 'b', sha256: sha256('secret-b') },
      ];
      expect(ask(records, { token })).toEqual({ allow: false, code: 'invalid_token', reason: 'unknown' });
    },
  );

  it('refuses any token if there are no records', () => {
    expect(ask([], { token: 'secret-1' })).toEqual({ allow: false, code: 'invalid_token', reason: 'unknown' });
  });

  it('compares a token with all records, even after a match', () => {
    const compare = vi.mocked(timingSafeEqual);
    const records = ['one', 'two', 'three'].map((id) => ({ id, token: `secret-${id}` }));
    for (const token of ['secret-one', 'secret-two', 'secret-three', 'unknown']) {
      compare.mockClear();
      ask(records, { token });
      expect(compare).toHaveBeenCalledTimes(3);
    }
  });

  it.each<[string, Partial<TokenRecord>, boolean]>([
    ['just before notBefore', { notBefore: '2026-06-15T12:00:00.001Z' }, false],
    ['at notBefore', { notBefore: '2026-06-15T12:00:00Z' }, true],
    ['just before expiresAt', { expiresAt: '2026-06-15T12:00:00.001Z' }, true],
    ['at expiresAt', { expiresAt: '2026-06-15T12:00:00Z' }, false],
    ['before expiresAt in another zone', { expiresAt: '2026-06-15T14:00:01+02:00' }, true],
    ['at expiresAt in another zone', { expiresAt: '2026-06-15T14:00:00+02:00' }, false],
    [
      'at times without a zone, which are UTC',
      { expiresAt: '2026-06-15T12:00:01', notBefore: '2026-06-15T12:00:00' },
      true,
    ],
    ['with expiresAt at the Unix epoch', { expiresAt: '1970-01-01T00:00:00Z' }, false],
    ['on the day of expiresAt', { expiresAt: '2026-06-15' }, false],
    ['on the day before expiresAt', { expiresAt: '2026-06-16', notBefore: '2026-06-15' }, true],
    ['if it is disabled', { disabled: true }, false],
    ['if it is not disabled', { disabled: false }, true],
    ['inside its ips', { ips: ['192.0.2.0/24', '10.0.0.0/8'] }, true],
    ['outside its ips', { ips: ['192.0.2.0/24'] }, false],
    ['with empty ips', { ips: [] }, false],
  ])('treats a token %s (%j) as usable: %j', (_, restriction, isUsable) => {
    const decision = ask([{ id: 'a', token: 'secret-1', ...restriction }], { token: 'secret-1', sourceIp: '10.1.2.3' });
    expect(decision).toMatchObject(isUsable ? { allow: true } : { allow: false, code: 'invalid_token' });
  });

  it('refuses a token with ips if the address of the caller is unknown', () => {
    const records = [{ id: 'a', token: 'secret-1', ips: ['0.0.0.0/0', '::/0'] }];
    expect(ask(records, { token: 'secret-1' })).toMatchObject({ code: 'invalid_token' });
  });

  it('reads a time without a zone as UTC in any local time zone', () => {
    vi.stubEnv('TZ', 'America/New_York');
    expect(new Date().getTimezoneOffset()).not.toBe(0);
    const records = [
      { id: 'a', token: 'secret-1', notBefore: '2026-06-15T12:00:00', expiresAt: '2026-06-15T12:00:01' },
    ];
    expect(ask(records, { token: 'secret-1' })).toMatchObject({ allow: true });
  });

  it('refuses a token that expires while the process runs', () => {
    const policy = bearerTokens([{ id: 'a', token: 'secret-1', expiresAt: '2026-06-15T12:01:00Z' }]);
    expect(policy({ requestId: '1', token: 'secret-1' })).toMatchObject({ allow: true });
    vi.advanceTimersByTime(60_000);
    expect(policy({ requestId: '1', token: 'secret-1' })).toMatchObject({ allow: false });
  });

  it('admits both tokens of one id during a rotation', () => {
    const records = [
      { id: 'a', token: 'secret-old', expiresAt: '2026-06-16' },
      { id: 'a', token: 'secret-new', notBefore: '2026-06-14' },
    ];
    for (const token of ['secret-old', 'secret-new']) expect(ask(records, { token })).toMatchObject({ principal: 'a' });
    vi.setSystemTime(Date.UTC(2026, 5, 16));
    expect(ask(records, { token: 'secret-old' })).toMatchObject({ code: 'invalid_token' });
    expect(ask(records, { token: 'secret-new' })).toMatchObject({ principal: 'a' });
  });

  it('uses the first usable record of a token', () => {
    const records = [
      { id: 'a', token: 'secret-1', disabled: true },
      { id: 'b', token: 'secret-1' },
      { id: 'c', token: 'secret-1' },
    ];
    expect(ask(records, { token: 'secret-1' })).toMatchObject({ principal: 'b' });
  });

  it.each<[string, Partial<TokenRecord>]>([
    ['disabled', { disabled: true }],
    ['not_yet_valid', { notBefore: '2026-06-16' }],
    ['expired', { expiresAt: '2026-06-15' }],
    ['address', { ips: ['10.0.0.0/8'] }],
  ])('states for the log why a token is refused: %s', (reason, members) => {
    const records = [{ id: 'a', token: 'secret-1', ...members }];
    const request = { token: 'secret-1', sourceIp: '192.0.2.1' };
    expect(ask(records, request)).toEqual({ allow: false, code: 'invalid_token', reason });
  });

  it('grants the rights of the record', () => {
    const decision = ask([{ id: 'a', token: 'secret-1', models: ['anthropic.*'], stream: false }], {
      token: 'secret-1',
    });
    if (decision instanceof Promise || !decision.allow) throw new Error('refused');
    expect(decision.permitsStream).toBe(false);
    expect(decision.permitsModel?.('anthropic.claude')).toBe(true);
    expect(decision.permitsModel?.('amazon.nova')).toBe(false);
  });

  it('permits no model if models is empty', () => {
    const decision = ask([{ id: 'a', token: 'secret-1', models: [] }], { token: 'secret-1' });
    if (decision instanceof Promise || !decision.allow) throw new Error('refused');
    expect(decision.permitsModel?.('anthropic.claude')).toBe(false);
  });

  it('throws for an invalid record before the first request', () => {
    expect(() => bearerTokens([{ id: 'a' }])).toThrow(TypeError);
  });

  it('throws for a token that can be guessed, as the bundles do, without quoting it', () => {
    const records = [
      { id: 'a', token: 'secret-1' },
      { id: 'b', token: 'secret7' },
    ];
    expect(() => bearerTokens(records)).toThrow(/^Token record \[1\]\.token must have at least 8 characters\.$/);
  });
});

describe('the team and the limits of a record', () => {
  const of = (more: Partial<TokenRecord>) => ask([{ id: 'a', token: 'secret-1', ...more }], { token: 'secret-1' });

  it('are those of its admission', () => {
    expect(of({ team: 'search', limits: { concurrent: 1 } })).toEqual({
      ...{ allow: true, principal: 'a', team: 'search', limits: [{ concurrent: 1 }] },
    });
    expect(of({ limits: [{ concurrent: 1 }, { models: ['a'], usdPerDay: 1 }] })).toMatchObject({
      limits: { length: 2 },
    });
    expect(of({ limits: [] })).toMatchObject({ limits: [] });
  });

  it.each([
    [{ team: '' }, 'Token record [0].team must have 1 to 128 characters.'],
    [{ team: 5 }, 'Token record [0].team must be a string.'],
    [{ limits: 5 }, 'Token record [0].limits must be an object.'],
    [{ limits: { concurrent: 0 } }, 'Token record [0].limits.concurrent must be a whole number of at least 1.'],
    [{ limits: [{ usdPerDay: 1 }, {}] }, 'Token record [0].limits[1] must have at least one of'],
  ])('that are invalid are refused: %j', (more, message) => {
    expect(() => of(more as Partial<TokenRecord>)).toThrow(message);
  });
});
