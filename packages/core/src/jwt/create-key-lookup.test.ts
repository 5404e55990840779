import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createKeyLookup } from './create-key-lookup.js';

const issuer = 'https://issuer.example';
const keysUrl = 'https://keys.example/set';
const key = (kid: string) => ({ ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid });
const [first, second] = [key('first'), key('second')];

type Respond = (url: string) => Response | Promise<Response>;

const serving =
  (...keys: readonly object[]): Respond =>
  (url) =>
    Response.json(url.endsWith('/openid-configuration') ? { issuer, jwks_uri: keysUrl } : { keys });
const down: Respond = () => new Response('down', { status: 503 });

let fetched: string[];
let respond: Respond;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0);
  fetched = [];
  respond = serving(first);
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

function lookup({ discovers = false, onFailure = (_error: unknown) => {}, from = issuer } = {}) {
  const find = createKeyLookup({ issuer: from, jwksUrl: discovers ? undefined : new URL(keysUrl) }, onFailure);
  return async (kid?: string) => {
    try {
      await find({ alg: 'EdDSA', ...(kid !== undefined && { kid }) }, { payload: '', signature: '' });
      return 'found';
    } catch (error) {
      return error instanceof Error ? error.name : 'unknown';
    }
  };
}

const minutes = (count: number) => vi.advanceTimersByTime(count * 60_000);

describe('the keys of an issuer', () => {
  it('are where its configuration says', async () => {
    expect(await lookup({ discovers: true })('first')).toBe('found');
    expect(fetched).toEqual([`${issuer}/.well-known/openid-configuration`, keysUrl]);
  });

  it('are fetched once for all who come together', async () => {
    const find = lookup();
    expect(await Promise.all([find('first'), find('first'), find('other')])).toEqual([
      'found',
      'found',
      'JWKSNoMatchingKey',
    ]);
    expect(fetched).toHaveLength(1);
  });

  it('are kept for 10 minutes', async () => {
    const find = lookup();
    await find('first');
    vi.advanceTimersByTime(599_999);
    await find('first');
    expect(fetched).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await find('first');
    expect(fetched).toHaveLength(2);
  });

  it('are fetched at once for a new key, and then at most every 30 seconds', async () => {
    const find = lookup();
    await find('first');
    expect(await find('second')).toBe('JWKSNoMatchingKey');
    respond = serving(first, second);
    vi.advanceTimersByTime(29_999);
    expect(await find('second')).toBe('JWKSNoMatchingKey');
    expect(fetched).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(await find('second')).toBe('found');
  });

  it('that are known serve through an hour of outage, and no longer', async () => {
    const find = lookup();
    await find('first');
    respond = down;
    for (let minute = 0; minute < 69; minute += 3) {
      minutes(3);
      expect(await find('first')).toBe('found');
      expect(await find('second')).toBe('JWKSNoMatchingKey');
    }
    minutes(1);
    expect(await find('first')).toBe('KeysUnavailable');
    respond = serving(first);
    vi.advanceTimersByTime(30_000);
    expect(await find('first')).toBe('found');
  });

  it('are fetched twice a minute at most in an outage', async () => {
    const find = lookup();
    await find('first');
    respond = down;
    minutes(10);
    for (let count = 0; count < 20; count++) expect(await find('first')).toBe('found');
    expect(fetched).toHaveLength(2);
    vi.advanceTimersByTime(30_000);
    await find('first');
    expect(fetched).toHaveLength(3);
  });

  it('are not asked for again at once where the first attempt failed', async () => {
    respond = down;
    const find = lookup();
    for (let count = 0; count < 20; count++) expect(await find('first')).toBe('KeysUnavailable');
    expect(fetched).toHaveLength(1);
    vi.advanceTimersByTime(5_000);
    respond = serving(first);
    expect(await find('first')).toBe('found');
  });

  it('that a token does not tell apart are not fetched again for it', async () => {
    respond = serving(first, second);
    const find = lookup();
    await find('first');
    expect(await find()).toBe('JWKSMultipleMatchingKeys');
    expect(fetched).toHaveLength(1);
  });

  it('of an issuer on this host are not fetched over http from another', async () => {
    const from = 'http://127.0.0.1:8080';
    const find = lookup({ discovers: true, from });
    respond = (url) =>
      url.startsWith(from) ? Response.json({ issuer: from, jwks_uri: 'http://keys.example/set' }) : serving(first)(url);
    expect(await find('first')).toBe('KeysUnavailable');
    expect(fetched).toEqual([`${from}/.well-known/openid-configuration`]);
  });

  it('of an issuer on this host may be there too', async () => {
    const from = 'http://127.0.0.1:8080';
    const find = lookup({ discovers: true, from });
    respond = (url) =>
      url.endsWith('configuration') ? Response.json({ issuer: from, jwks_uri: `${from}/keys` }) : serving(first)(url);
    expect(await find('first')).toBe('found');
  });

  it('that the issuer takes back are not found from the next fetch on', async () => {
    const find = lookup();
    await find('first');
    respond = serving(second);
    minutes(10);
    expect(await find('first')).toBe('JWKSNoMatchingKey');
    expect(await find('second')).toBe('found');
  });

  it('of one instant are kept where the issuer forgets all of them', async () => {
    const find = lookup();
    await find('first');
    respond = serving();
    minutes(10);
    expect(await find('first')).toBe('found');
  });

  const configuredAs =
    (configuration: unknown): Respond =>
    (url) =>
      url.endsWith('/openid-configuration') ? Response.json(configuration) : serving(first)(url);

  it.each<[string, Respond]>([
    ['are answered with 503', down],
    ['are answered with 404', () => new Response(null, { status: 404 })],
    ['are redirected', () => Response.json({ issuer, jwks_uri: keysUrl, keys: [first] }, { status: 302 })],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
    ['never come', () => new Promise(() => {})],
    ['are empty', () => new Response('')],
    ['are no JSON', () => new Response('<html>')],
    ['are null', () => Response.json(null)],
    ['are no set', () => Response.json({ issuer, jwks_uri: keysUrl, keys: 'none' })],
    ['are a set of nothing', serving()],
    ['are a set of no objects', () => Response.json({ issuer, jwks_uri: keysUrl, keys: ['key'] })],
    ['are of another issuer', configuredAs({ issuer: 'https://evil.example', jwks_uri: keysUrl })],
    ['are of nobody', configuredAs({ jwks_uri: keysUrl })],
    ['are nowhere', configuredAs({ issuer })],
    ['are at http', configuredAs({ issuer, jwks_uri: 'http://keys.example/set' })],
    ['are at this very host', configuredAs({ issuer, jwks_uri: 'http://127.0.0.1/set' })],
    ['are in a file', configuredAs({ issuer, jwks_uri: 'file:///keys' })],
  ])('judge nobody while they %s', async (_, misbehave) => {
    respond = misbehave;
    const failures: unknown[] = [];
    const found = lookup({ discovers: true, onFailure: (error) => failures.push(error) })('first');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await found).toBe('KeysUnavailable');
    expect(failures).toEqual([expect.any(Error)]);
  });
});
