import { createLocalJWKSet, type LocalJWKSet } from 'jose';
import { trustedUrl } from '../access/trusted-url.js';
import { isJsonObject } from '../models/json-object.js';

/** The location of the keys of an issuer: `jwksUrl`, or the URL in the configuration of the issuer. */
export interface KeySource {
  readonly issuer: string;
  readonly jwksUrl?: URL | undefined;
}

/** Reads the current keys of an issuer. Rejects if they cannot be read or if there are none. */
export async function readKeySet(source: KeySource, signal: AbortSignal): Promise<LocalJWKSet> {
  const keySet = await fetchJson(source.jwksUrl ?? (await discoverKeys(source.issuer, signal)), 'The key set', signal);
  if (!isJsonObject(keySet) || !Array.isArray(keySet['keys']) || keySet['keys'].length === 0) {
    throw new Error('The key set has no keys.');
  }
  return createLocalJWKSet({ keys: keySet['keys'] });
}

/** OpenID Connect Discovery 1.0, section 4. The document must name the same issuer. */
async function discoverKeys(issuer: string, signal: AbortSignal): Promise<URL> {
  const base = trustedUrl(issuer, 'The issuer');
  const location = new URL(`${base.href.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const configuration = await fetchJson(location, "The issuer's configuration", signal);
  if (!isJsonObject(configuration) || configuration['issuer'] !== issuer) {
    throw new Error("The issuer's configuration names another issuer.");
  }
  const url = trustedUrl(String(configuration['jwks_uri']), "The jwks_uri of the issuer's configuration");
  if (base.protocol === 'https:' && url.protocol !== 'https:') throw new Error('The jwks_uri must be an https URL.');
  return url;
}

/** Fetches a JSON document with GET. `name` is its name in errors, which quote nothing of the response. Redirects are not followed. */
async function fetchJson(url: URL, name: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal, redirect: 'manual', headers: { accept: 'application/json' } });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`${name} could not be fetched: status ${response.status}.`);
  }
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name} is not valid JSON.`);
  }
}
