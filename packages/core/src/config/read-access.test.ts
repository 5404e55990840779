import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AccessRequest } from '../access/access-policy.js';
import { ConfigurationError, type Environment } from './environment.js';
import { readAccess } from './read-access.js';

const records = (...entries: readonly object[]) => JSON.stringify(entries);

function read(environment: Environment) {
  const lines: { level: string; event?: string; text: string }[] = [];
  const write = (level: string) => (fields: object, message?: string) => {
    lines.push({ level, ...fields, text: `${JSON.stringify(fields)} ${message}` });
  };
  const policy = readAccess(environment, { info: write('info'), warn: write('warn'), error: write('error') });
  return {
    policy,
    lines,
    events: lines.map(({ event }) => event),
    ask: async (token?: string, more: Partial<AccessRequest> = {}) => {
      const decision = await policy({ requestId: '1', ...(token !== undefined && { token }), ...more });
      return decision.allow ? decision.principal : decision.code;
    },
  };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('readAccess', () => {
  it('admits any caller and warns once if no variable is set', async () => {
    const { ask, lines } = read({});
    expect(await ask()).toBe('anonymous');
    expect(lines).toEqual([expect.objectContaining({ level: 'warn', event: 'auth.open' })]);
  });

  it.each(['false', 'FALSE', ''])('admits any caller if REQUIRE_AUTH is %j', async (REQUIRE_AUTH) => {
    expect(await read({ REQUIRE_AUTH }).ask()).toBe('anonymous');
  });

  it.each<Environment>([
    { AUTH_TOKEN: 'a-token-of-16-or-more' },
    { AUTH_TOKEN: '\ta-token-of-16-or-more \n' },
    { AUTH_TOKEN: 'a-token-of-16-or-more', REQUIRE_AUTH: 'true' },
  ])('admits only callers with AUTH_TOKEN: %j', async (environment) => {
    const { ask, events } = read(environment);
    expect(await ask('a-token-of-16-or-more')).toBe('default');
    expect(await ask('a-token-of-16-or-mor')).toBe('invalid_token');
    expect(await ask()).toBe('missing_token');
    expect(events).toEqual([]);
  });

  it('admits only callers with AUTH_TOKEN or one of AUTH_TOKENS', async () => {
    const AUTH_TOKENS = records({ id: 'a', token: 'a-token-of-team-a' }, { id: 'b', token: 'a-token-of-team-b' });
    const { ask } = read({ AUTH_TOKEN: 'a-token-of-16-or-more', AUTH_TOKENS });
    expect(await ask('a-token-of-team-a')).toBe('a');
    expect(await ask('a-token-of-team-b')).toBe('b');
    expect(await ask('a-token-of-16-or-more')).toBe('default');
    expect(await ask('a-token-of-nobody')).toBe('invalid_token');
  });

  it.each<[string, Environment]>([
    ['AUTH_TOKEN', { AUTH_TOKEN: '15-characters-x' }],
    ['AUTH_TOKENS', { AUTH_TOKENS: records({ id: 'a', token: '15-characters-x' }) }],
  ])('warns of a weak token in %s without quoting it', async (variable, environment) => {
    const { lines, ask } = read(environment);
    expect(lines).toEqual([expect.objectContaining({ level: 'warn', event: 'auth.weak', variable })]);
    expect(lines[0]?.text).not.toContain('15-characters');
    expect(await ask('15-characters-x')).not.toBe('invalid_token');
  });

  it('does not warn of a hash or of a token with 16 characters', () => {
    const AUTH_TOKENS = records({ id: 'a', sha256: '0'.repeat(64) }, { id: 'b', token: '16-characters-xx' });
    expect(read({ AUTH_TOKENS, AUTH_TOKEN: '16-characters-xx' }).lines).toEqual([]);
  });

  it('applies ALLOWED_IPS and ALLOWED_MODELS to callers with a token', async () => {
    const { policy, ask } = read({
      AUTH_TOKENS: records({ id: 'a', token: 'a-token-of-team-a', models: ['anthropic.*', 'meta.*'] }),
      ALLOWED_IPS: '10.0.0.0/8, 2001:db8::/32',
      ALLOWED_MODELS: 'anthropic.*,\n amazon.*',
    });
    const sourceIp = '10.1.2.3';
    expect(await ask('a-token-of-team-a')).toBe('ip_not_allowed');
    expect(await ask('a-token-of-team-a', { sourceIp: '11.1.2.3' })).toBe('ip_not_allowed');
    expect(await ask('a-token-of-team-a', { sourceIp: '2001:db8::1' })).toBe('a');
    expect(await ask('wrong', { sourceIp })).toBe('invalid_token');
    expect([policy.admitsSource?.('11.1.2.3'), policy.admitsSource?.(sourceIp)]).toEqual([false, true]);
    const decision = await policy({ requestId: '1', token: 'a-token-of-team-a', sourceIp });
    if (!decision.allow) throw new Error(decision.code);
    expect(['anthropic.x', 'amazon.x', 'meta.x'].filter((id) => decision.permitsModel?.(id))).toEqual(['anthropic.x']);
  });

  it('applies ALLOWED_IPS and ALLOWED_MODELS to anonymous callers', async () => {
    const { ask, events } = read({ ALLOWED_IPS: '10.0.0.0/8', ALLOWED_MODELS: '*' });
    expect(await ask(undefined, { sourceIp: '10.1.2.3' })).toBe('anonymous');
    expect(await ask(undefined, { sourceIp: '11.1.2.3' })).toBe('ip_not_allowed');
    expect(events).toEqual(['auth.open', 'auth.open_to_pages']);
  });

  const onlyAddresses = { ALLOWED_IPS: '10.0.0.0/8' };

  it.each<[boolean, Environment]>([
    [true, onlyAddresses],
    [true, { ...onlyAddresses, CORS_ALLOWED_ORIGINS: '' }],
    [true, { ...onlyAddresses, CORS_ALLOWED_ORIGINS: ' * ' }],
    [false, { ...onlyAddresses, CORS_ALLOWED_ORIGINS: 'https://a.example' }],
    [false, { ...onlyAddresses, CORS_ALLOWED_ORIGINS: 'off' }],
    [false, { ...onlyAddresses, AUTH_TOKEN: 'a-token-of-16-or-more' }],
    [false, {}],
  ])('warns %s that any page in an allowed network can call: %j', (isWarned, environment) => {
    expect(read(environment).events.includes('auth.open_to_pages')).toBe(isWarned);
  });

  it('refuses an invalid variable with an error that names it, but not its value', () => {
    const jwt = { JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'proxy' };
    const refused: readonly [string, Environment][] = [
      ['AUTH_TOKEN', { AUTH_TOKEN: '' }],
      ['AUTH_TOKEN', { AUTH_TOKEN: '   ' }],
      ['AUTH_TOKEN', { AUTH_TOKEN: 'canary7' }],
      ['AUTH_TOKEN', { AUTH_TOKEN: '   canary7   ' }],
      ['AUTH_TOKEN', { AUTH_TOKEN: 'canary-with a space' }],
      ['AUTH_TOKEN', { AUTH_TOKEN: 'canary,with,commas' }],
      ['AUTH_TOKEN', { AUTH_TOKEN: 'canary-schlüssel' }],
      ['AUTH_TOKENS', { AUTH_TOKENS: '' }],
      ['AUTH_TOKENS', { AUTH_TOKENS: ' ' }],
      ['AUTH_TOKENS', { AUTH_TOKENS: '[]' }],
      ['AUTH_TOKENS', { AUTH_TOKENS: 'canary-token' }],
      ['AUTH_TOKENS', { AUTH_TOKENS: '{"id":"canary","token":"canary-token"}' }],
      ['AUTH_TOKENS', { AUTH_TOKENS: '[{"id":"canary","token":"canary-token"' }],
      ['AUTH_TOKENS', { AUTH_TOKENS: records({ id: 'canary' }) }],
      ['AUTH_TOKENS', { AUTH_TOKENS: records({ id: 'canary', token: 'canary7' }) }],
      ['AUTH_TOKENS', { AUTH_TOKENS: records({ id: 'a', token: 'canary-token', expires: 'canary' }) }],
      ['AUTH_TOKENS', { AUTH_TOKEN: 'a-good-token-of-24-chars', AUTH_TOKENS: '' }],
      ['AUTH_TOKENS_SECRET_ID', { AUTH_TOKENS_SECRET_ID: '' }],
      ['AUTH_TOKENS_PARAMETER', { AUTH_TOKENS_PARAMETER: ' ' }],
      ['AUTH_TOKENS_TTL_SECONDS', { AUTH_TOKENS_TTL_SECONDS: 'canary' }],
      ['AUTH_TOKENS_TTL_SECONDS', { AUTH_TOKENS_TTL_SECONDS: '0' }],
      ['JWT_ISSUER', { JWT_ISSUER: '' }],
      ['JWT_ISSUER', { JWT_ISSUER: 'https://canary.example' }],
      ['JWT_ISSUER', { ...jwt, JWT_ISSUER: 'http://canary.example' }],
      ['JWT_ISSUER', { ...jwt, JWT_ISSUER: 'canary' }],
      ['JWT_AUDIENCE', { JWT_AUDIENCE: 'canary' }],
      ['JWT_AUDIENCE', { ...jwt, JWT_AUDIENCE: '' }],
      ['JWT_AUDIENCE', { ...jwt, JWT_AUDIENCE: ' , ' }],
      ['JWT_JWKS_URL', { JWT_JWKS_URL: 'https://canary.example' }],
      ['JWT_JWKS_URL', { ...jwt, JWT_JWKS_URL: 'http://canary.example' }],
      ['JWT_JWKS_URL', { ...jwt, JWT_JWKS_URL: '' }],
      ['JWT_MODELS_CLAIM', { ...jwt, JWT_MODELS_CLAIM: ' ' }],
      ['ALLOWED_IPS', { ALLOWED_IPS: '' }],
      ['ALLOWED_IPS', { ALLOWED_IPS: ',' }],
      ['ALLOWED_IPS', { ALLOWED_IPS: '10.0.0.0/8,canary' }],
      ['ALLOWED_MODELS', { ALLOWED_MODELS: '' }],
      ['ALLOWED_MODELS', { ALLOWED_MODELS: ' , ' }],
      ['REQUIRE_AUTH', { REQUIRE_AUTH: 'canary' }],
      ['REQUIRE_AUTH', { REQUIRE_AUTH: 'true' }],
      ['REQUIRE_AUTH', { REQUIRE_AUTH: 'TRUE', ALLOWED_IPS: '10.0.0.0/8', ALLOWED_MODELS: '*' }],
    ];
    for (const [variable, environment] of refused) {
      let refusal: unknown;
      try {
        read(environment);
      } catch (error) {
        refusal = error;
      }
      expect(refusal, JSON.stringify(environment)).toBeInstanceOf(ConfigurationError);
      expect(refusal).toMatchObject({ variable, message: expect.stringMatching(new RegExp(`^${variable} `)) });
      expect(`${String(refusal)}${(refusal as Error).stack}`).not.toContain('canary');
    }
  });

  it.each<Environment>([
    { AUTH_TOKENS_SECRET_ID: 'tokens' },
    { AUTH_TOKENS_PARAMETER: '/tokens' },
    { JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'proxy' },
  ])('fetches nothing for a caller without a token: %j', async (environment) => {
    const fetched = vi.fn();
    vi.stubGlobal('fetch', fetched);
    const { ask, lines } = read({ ...environment, REQUIRE_AUTH: 'true' });
    expect(await ask()).toBe('missing_token');
    expect(fetched).not.toHaveBeenCalled();
    expect(lines).toEqual([]);
  });

  it('fetches the keys of the issuer only for a JWT, and logs a failure', async () => {
    const fetched = vi.fn(() => Promise.reject(new TypeError('fetch failed')));
    vi.stubGlobal('fetch', fetched);
    const { ask, lines } = read({
      JWT_ISSUER: 'an-issuer-that-is-no-url',
      JWT_AUDIENCE: 'proxy',
      JWT_JWKS_URL: 'https://keys.example/set',
      AUTH_TOKEN: 'a-token-of-16-or-more',
    });
    expect(await ask('an-opaque-token')).toBe('invalid_token');
    expect(await ask('a-token-of-16-or-more')).toBe('default');
    expect(fetched).not.toHaveBeenCalled();
    const header = Buffer.from('{"alg":"ES256","kid":"a"}').toString('base64url');
    expect(await ask(`${header}.e30.AAAA`)).toBe('auth_unavailable');
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'warn',
        event: 'auth.refresh_failed',
        variable: 'JWT_ISSUER',
        reason: 'fetch failed',
      }),
    ]);
  });
});
