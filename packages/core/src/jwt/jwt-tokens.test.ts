import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type JwtTokensOptions, jwtTokens } from './jwt-tokens.js';

const issuer = 'https://issuer.example/tenant';
const audience = 'bedrock-proxy';
const now = Date.UTC(2026, 5, 15, 12);
const seconds = now / 1_000;

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const pss = generateKeyPairSync('rsa', { modulusLength: 2048 });

const jwk = (key: KeyObject, more: object) => ({ ...key.export({ format: 'jwk' }), ...more });
const keySet = [
  jwk(rsa.publicKey, { kid: 'rsa', use: 'sig', alg: 'RS256' }),
  jwk(ec.publicKey, { kid: 'ec', use: 'sig' }),
  jwk(ed.publicKey, { kid: 'ed' }),
  jwk(pss.publicKey, { kid: 'pss', alg: 'PS256' }),
];

const claims = { iss: issuer, aud: audience, sub: 'alice', exp: seconds + 600, iat: seconds - 10 };
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

type Signer = (input: string) => Buffer;
const rs256 =
  (key: KeyObject): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), key);
const es256 =
  (key: KeyObject): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
const ps256 =
  (key: KeyObject): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), { key, padding: 6, saltLength: 32 });
const eddsa: Signer = (input) => sign(null, Buffer.from(input), ed.privateKey);

function token(header: unknown, payload: unknown, signer: Signer): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

const own = { alg: 'RS256', kid: 'rsa', typ: 'JWT' };
const ownSigner = rs256(rsa.privateKey);
const valid = (more: object = {}, header: object = own, signer = ownSigner) =>
  token(header, { ...claims, ...more }, signer);

let fetched: string[];
let respond: (url: string) => Response | Promise<Response>;

function servingKeys(keys: readonly object[] = keySet) {
  return (url: string): Response =>
    url.endsWith('/.well-known/openid-configuration')
      ? Response.json({ issuer, jwks_uri: 'https://keys.example/set' })
      : Response.json({ keys });
}

beforeEach(() => {
  vi.useFakeTimers({ now });
  vi.spyOn(Math, 'random').mockReturnValue(0);
  fetched = [];
  respond = servingKeys();
  vi.stubGlobal('fetch', async (url: URL) => {
    fetched.push(url.href);
    return respond(url.href);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function policyOf(more: Partial<JwtTokensOptions> = {}) {
  const policy = jwtTokens({ issuer, audience, ...more });
  return async (presented?: string) => {
    const decision = await policy({ requestId: '1', ...(presented !== undefined && { token: presented }) });
    return decision.allow ? decision.principal : decision.code;
  };
}

describe('jwtTokens', () => {
  it.each<[string, string]>([
    ['RS256', valid()],
    ['ES256', valid({}, { alg: 'ES256', kid: 'ec' }, es256(ec.privateKey))],
    ['EdDSA', valid({}, { alg: 'EdDSA', kid: 'ed' }, eddsa)],
    ['PS256', valid({}, { alg: 'PS256', kid: 'pss' }, ps256(pss.privateKey))],
    ['ES256 without a kid, if only one key matches', valid({}, { alg: 'ES256' }, es256(ec.privateKey))],
    ['for several audiences', valid({ aud: ['other', audience] })],
    ['that expired 29 s ago', valid({ exp: seconds - 29 })],
    ['that becomes valid in 30 s', valid({ nbf: seconds + 30 })],
    ['that was issued 30 s in the future', valid({ iat: seconds + 30 })],
    [
      'with URLs of other keys, which are ignored',
      valid({}, { ...own, jku: 'https://evil.example', x5u: 'https://evil.example' }),
    ],
  ])('admits a valid token as its sub: %s', async (_, genuine) => {
    expect(await policyOf()(genuine)).toBe('alice');
    expect(fetched).toEqual([`${issuer}/.well-known/openid-configuration`, 'https://keys.example/set']);
  });

  it('admits a token of a new key at once, also if the issuer gave it the id of an old one', async () => {
    const replacement = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const policy = policyOf();
    expect(await policy(valid())).toBe('alice');
    respond = servingKeys([jwk(replacement.publicKey, { kid: 'rsa', use: 'sig', alg: 'RS256' })]);
    expect(await policy(valid({}, own, rs256(replacement.privateKey)))).toBe('alice');
    expect(await policy(valid())).toBe('invalid_token');
  });

  it('reads the keys once more for a wrong signature, and then not for 30 seconds', async () => {
    const policy = policyOf();
    const forged = valid({}, own, rs256(pss.privateKey));
    for (let count = 0; count < 20; count++) expect(await policy(forged)).toBe('invalid_token');
    expect(fetched.filter((url) => url.endsWith('/set'))).toHaveLength(2);
    vi.advanceTimersByTime(30_000);
    expect(await policy(forged)).toBe('invalid_token');
    expect(fetched.filter((url) => url.endsWith('/set'))).toHaveLength(3);
  });

  it('admits a token of 8 KB and refuses a longer one', async () => {
    const filled = (length: number) => {
      const missing = length - valid({ padding: '' }).length;
      // Base64 turns three bytes into four characters.
      for (let padding = Math.floor((missing * 3) / 4) - 1; ; padding++) {
        const filler = valid({ padding: 'x'.repeat(padding) });
        if (filler.length >= length) return filler;
      }
    };
    const ask = policyOf();
    expect(filled(8_192)).toHaveLength(8_192);
    expect(await ask(filled(8_192))).toBe('alice');
    expect(await ask(filled(8_193))).toBe('invalid_token');
  });

  it('admits a token for one of several audiences', async () => {
    const ask = policyOf({ audience: ['one', 'two'] });
    expect(await ask(valid({ aud: 'two' }))).toBe('alice');
    expect(await ask(valid({ aud: 'three' }))).toBe('invalid_token');
  });

  it.each([{ exp: seconds - 30 }, { nbf: seconds + 31 }, { iat: seconds + 31 }])(
    'refuses a token one second outside the tolerance: %j',
    async (late) => {
      expect(await policyOf()(valid(late))).toBe('invalid_token');
    },
  );

  it.each([{ sub: '' }, { sub: 7 }, { iss: `${issuer}/` }, { aud: 'other' }, { exp: '9999999999' }])(
    'refuses a token with %j',
    async (wrong) => {
      expect(await policyOf()(valid(wrong))).toBe('invalid_token');
    },
  );

  it.each<[string, object, boolean]>([
    ['for the application', { client_id: audience }, true],
    ['for a machine, whose sub is its client', { client_id: audience, sub: audience, token_use: 'access' }, true],
    ['for another application', { client_id: 'other' }, false],
    ['for several applications', { client_id: [audience] }, false],
    ['for no application', {}, false],
    ['with an empty aud beside client_id', { client_id: audience, aud: '' }, false],
    ['with a null aud beside client_id', { client_id: audience, aud: null }, false],
    ['with another aud beside client_id', { client_id: audience, aud: 'other' }, false],
    ['with no value in aud beside client_id', { client_id: audience, aud: [] }, false],
  ])('judges client_id if a token has no aud, as access tokens of Cognito: %s', async (_, members, isAdmitted) => {
    const { aud: _aud, ...others } = claims;
    const decision = await jwtTokens({ issuer, audience: ['one', audience] })({
      requestId: '1',
      token: token(own, { ...others, ...members }, ownSigner),
    });
    expect(decision).toMatchObject(isAdmitted ? { allow: true } : { code: 'invalid_token', reason: 'audience' });
  });

  it.each([
    ['of one kid', own],
    ['of any kid, if the token has none', { alg: 'RS256' }],
  ])('tries in turn several keys %s', async (_, header) => {
    const twin = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keys = [short, rsa, twin].map(({ publicKey }) => jwk(publicKey, { kid: 'rsa' }));
    respond = servingKeys([{ kty: 'RSA', kid: 'rsa', n: 'no-key', e: 'AQAB' }, ...keys]);
    const policy = jwtTokens({ issuer, audience });
    const ask = (signer: Signer, more: object = {}) => policy({ requestId: '1', token: valid(more, header, signer) });
    expect(await ask(ownSigner)).toMatchObject({ principal: 'alice' });
    expect(await ask(rs256(twin.privateKey))).toMatchObject({ principal: 'alice' });
    expect(await ask(rs256(twin.privateKey), { exp: seconds - 60 })).toMatchObject({ reason: 'expired' });
    expect(await ask(rs256(foreign.privateKey))).toMatchObject({ code: 'invalid_token', reason: 'signature' });
  });

  it('tries at most 16 keys', async () => {
    const spare = jwk(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey, { kid: 'rsa' });
    const own16 = [...Array.from({ length: 15 }, () => spare), jwk(rsa.publicKey, { kid: 'rsa' })];
    respond = servingKeys(own16);
    expect(await policyOf()(valid())).toBe('alice');
    respond = servingKeys([spare, ...own16]);
    expect(await policyOf()(valid())).toBe('invalid_token');
  });

  it.each([
    ['malformed', 'an-opaque-token'],
    ['malformed', `${'x'.repeat(8_193)}`],
    ['algorithm', valid({}, { ...own, alg: 'HS256' })],
    ['key', valid({}, { ...own, kid: 'unknown' })],
    ['signature', valid({}, own, rs256(pss.privateKey))],
    ['issuer', valid({ iss: 'https://other.example' })],
    ['audience', valid({ aud: 'other' })],
    ['claims', valid({ sub: '' })],
    ['claims', valid({ exp: 'soon' })],
    ['expired', valid({ exp: seconds - 31 })],
    ['not_yet_valid', valid({ nbf: seconds + 31 })],
    ['not_yet_valid', valid({ iat: seconds + 31 })],
  ])('states for the log why a token is refused: %s', async (reason, refused) => {
    const decision = await jwtTokens({ issuer, audience })({ requestId: '1', token: refused });
    expect(decision).toEqual({ allow: false, code: 'invalid_token', reason });
  });

  it('returns missing_token without fetching keys if there is no token', async () => {
    expect(await policyOf()()).toBe('missing_token');
    expect(fetched).toEqual([]);
  });

  it('fetches nothing for a token that is not a JWT or has a refused algorithm', async () => {
    const ask = policyOf();
    for (const forged of ['an-opaque-token', valid({}, { ...own, alg: 'none' }), valid({}, { ...own, alg: 'HS256' })]) {
      expect(await ask(forged)).toBe('invalid_token');
    }
    expect(fetched).toEqual([]);
  });

  it.each(['http://issuer.example', 'issuer', ''])('throws for keys from %j', (untrusted) => {
    expect(() => jwtTokens({ issuer: untrusted, audience })).toThrow(TypeError);
    expect(() => jwtTokens({ issuer, audience, jwksUrl: untrusted })).toThrow(TypeError);
  });

  it('returns auth_unavailable with the cause if the keys cannot be read', async () => {
    respond = () => new Response('down', { status: 503 });
    const failures: unknown[] = [];
    const policy = jwtTokens({ issuer, audience, onFailure: (error) => failures.push(error) });
    expect(await policy({ requestId: '1', token: valid() })).toEqual({
      allow: false,
      code: 'auth_unavailable',
      cause: expect.objectContaining({ name: 'KeysUnavailable', cause: failures[0] }),
    });
  });

  it('skips discovery if jwksUrl is set', async () => {
    expect(await policyOf({ issuer: 'any', jwksUrl: 'https://other.example/keys' })(valid({ iss: 'any' }))).toBe(
      'alice',
    );
    expect(fetched).toEqual(['https://other.example/keys']);
  });
});

describe('the models claim', () => {
  it.each<[unknown, string[]]>([
    [undefined, ['anthropic.x', 'amazon.x', 'meta.x']],
    ['anthropic.*', ['anthropic.x']],
    ['anthropic.* amazon.*', ['anthropic.x', 'amazon.x']],
    ['anthropic.*,amazon.*', ['anthropic.x', 'amazon.x']],
    [
      ['anthropic.*', 'meta.*'],
      ['anthropic.x', 'meta.x'],
    ],
    ['*', ['anthropic.x', 'amazon.x', 'meta.x']],
    ['', []],
    [[], []],
    [null, []],
    [true, []],
    [7, []],
    [{ '*': true }, []],
    [['*', 7], []],
    [[['*']], []],
  ])('%j permits %j', async (claim, permitted) => {
    const genuine = valid(claim === undefined ? {} : { bedrock_models: claim });
    const decision = await jwtTokens({ issuer, audience })({ requestId: '1', token: genuine });
    if (!decision.allow) throw new Error(decision.code);
    const { permitsModel = () => true } = decision;
    expect(['anthropic.x', 'amazon.x', 'meta.x'].filter((id) => permitsModel(id))).toEqual(permitted);
  });

  it('has the configured name and is never read from a prototype', async () => {
    const permits = async (modelsClaim: string, more: object) => {
      const decision = await jwtTokens({ issuer, audience, modelsClaim })({ requestId: '1', token: valid(more) });
      if (!decision.allow) throw new Error(decision.code);
      return decision.permitsModel?.('anthropic.x') ?? 'any';
    };
    expect(await permits('https://example/models', { 'https://example/models': 'amazon.*' })).toBe(false);
    expect(await permits('models', { bedrock_models: 'amazon.*' })).toBe('any');
    expect(await permits('constructor', {})).toBe('any');
    expect(await permits('toString', { toString: 'anthropic.*' })).toBe(true);
  });
});

describe('the team claim', () => {
  const ask = (teamClaim: string | undefined, more: object) =>
    jwtTokens({ issuer, audience, teamClaim })({ requestId: '1', token: valid(more) });

  it('names the team of the caller, if it is configured', async () => {
    expect(await ask('team', { team: 'search' })).toMatchObject({ allow: true, team: 'search' });
    expect(await ask(undefined, { team: 'search' })).not.toHaveProperty('team');
    expect(await ask('team', {})).toEqual({ allow: true, principal: 'alice' });
    expect(await ask('constructor', {})).toMatchObject({ allow: true });
  });

  it.each([[['search']], [5], [null], [''], [{}]])('refuses a token whose team is %j', async (team) => {
    expect(await ask('team', { team })).toEqual({ allow: false, code: 'invalid_token', reason: 'claims' });
  });
});
