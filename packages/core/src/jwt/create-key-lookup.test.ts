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
  const { find } = createKeyLookup({ issuer: from, jwksUrl: discovers ? undefined : new URL(keysUrl) }, onFailure);
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

describe('createKeyLookup', () => {
  it('reads the URL of the key set from the configuration of the issuer', async () => {
    expect(await lookup({ discovers: true })('first')).toBe('found');
    expect(fetched).toEqual([`${issuer}/.well-known/openid-configuration`, keysUrl]);
  });

  it('fetches the key set once for concurrent lookups', async () => {
    const find = lookup();
    expect(await Promise.all([find('first'), find('first'), find('other')])).toEqual([
      'found',
      'found',
      'JWKSNoMatchingKey',
    ]);
    expect(fetched).toHaveLength(1);
  });

  it('keeps the key set for 10 minutes', async () => {
    const find = lookup();
    await find('first');
    vi.advanceTimersByTime(599_999);
    await find('first');
    expect(fetched).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await find('first');
    expect(fetched).toHaveLength(2);
  });

  it('fetches the key set at once for an unknown key, but at most every 30 seconds', async () => {
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

  it('reads the key set again for a key that was replaced, at most every 30 seconds', async () => {
    const keys = createKeyLookup({ issuer, jwksUrl: new URL(keysUrl) });
    const find = (from = keys.find) => from({ alg: 'EdDSA', kid: 'first' }, { payload: '', signature: '' });
    const before = await find();
    respond = serving({ ...second, kid: 'first' });
    expect(await find()).toBe(before);
    const findAgain = await keys.readAgain();
    expect(await find(findAgain)).not.toBe(before);
    expect(await keys.readAgain()).toBeUndefined();
    vi.advanceTimersByTime(29_999);
    expect(await keys.readAgain()).toBeUndefined();
    expect(fetched).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(await keys.readAgain()).toBeDefined();
    expect(fetched).toHaveLength(3);
  });

  it('uses known keys for one hour of an outage, and no longer', async () => {
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

  it('fetches the key set at most twice a minute in an outage', async () => {
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

  it('pauses for 5 seconds if the first fetch fails', async () => {
    respond = down;
    const find = lookup();
    for (let count = 0; count < 20; count++) expect(await find('first')).toBe('KeysUnavailable');
    expect(fetched).toHaveLength(1);
    vi.advanceTimersByTime(5_000);
    respond = serving(first);
    expect(await find('first')).toBe('found');
  });

  it('fetches nothing for a token that matches several keys', async () => {
    respond = serving(first, second);
    const find = lookup();
    await find('first');
    expect(await find()).toBe('JWKSMultipleMatchingKeys');
    expect(fetched).toHaveLength(1);
  });

  it('refuses keys over http from another host, even for an issuer on this host', async () => {
    const from = 'http://127.0.0.1:8080';
    const find = lookup({ discovers: true, from });
    respond = (url) =>
      url.startsWith(from) ? Response.json({ issuer: from, jwks_uri: 'http://keys.example/set' }) : serving(first)(url);
    expect(await find('first')).toBe('KeysUnavailable');
    expect(fetched).toEqual([`${from}/.well-known/openid-configuration`]);
  });

  it('accepts keys over http from this host for an issuer on this host', async () => {
    const from = 'http://127.0.0.1:8080';
    const find = lookup({ discovers: true, from });
    respond = (url) =>
      url.endsWith('configuration') ? Response.json({ issuer: from, jwks_uri: `${from}/keys` }) : serving(first)(url);
    expect(await find('first')).toBe('found');
  });

  it('does not find a removed key after the next fetch', async () => {
    const find = lookup();
    await find('first');
    respond = serving(second);
    minutes(10);
    expect(await find('first')).toBe('JWKSNoMatchingKey');
    expect(await find('second')).toBe('found');
  });

  it('keeps the known keys if the issuer returns an empty set', async () => {
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
    ['the issuer answers 503', down],
    ['the issuer answers 404', () => new Response(null, { status: 404 })],
    ['the issuer redirects', () => Response.json({ issuer, jwks_uri: keysUrl, keys: [first] }, { status: 302 })],
    ['the issuer cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
    ['the issuer never answers', () => new Promise(() => {})],
    ['the document is empty', () => new Response('')],
    ['the document is not JSON', () => new Response('<html>')],
    ['the document is null', () => Response.json(null)],
    ['the key set is not a list', () => Response.json({ issuer, jwks_uri: keysUrl, keys: 'none' })],
    ['the key set is empty', serving()],
    ['a key is not an object', () => Response.json({ issuer, jwks_uri: keysUrl, keys: ['key'] })],
    ['the configuration names another issuer', configuredAs({ issuer: 'https://evil.example', jwks_uri: keysUrl })],
    ['the configuration names no issuer', configuredAs({ jwks_uri: keysUrl })],
    ['the configuration names no key set', configuredAs({ issuer })],
    ['the key set is at an http URL', configuredAs({ issuer, jwks_uri: 'http://keys.example/set' })],
    ['the key set is on this host', configuredAs({ issuer, jwks_uri: 'http://127.0.0.1/set' })],
    ['the key set is in a file', configuredAs({ issuer, jwks_uri: 'file:///keys' })],
  ])('rejects with KeysUnavailable if %s', async (_, misbehave) => {
    respond = misbehave;
    const failures: unknown[] = [];
    const found = lookup({ discovers: true, onFailure: (error) => failures.push(error) })('first');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await found).toBe('KeysUnavailable');
    expect(failures).toEqual([expect.any(Error)]);
  });
});
