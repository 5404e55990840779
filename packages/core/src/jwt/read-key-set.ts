import { createLocalJWKSet, type LocalJWKSet } from 'jose';
import { trustedUrl } from '../access/trusted-url.js';
import { isJsonObject } from '../models/json-object.js';
import { fetchJson } from './fetch-json.js';

/** Where an issuer's keys are: at a URL that is known, or at one that the issuer's own configuration names. */
export interface KeySource {
  readonly issuer: string;
  readonly jwksUrl?: URL | undefined;
}

/** The keys that an issuer signs with at present. Rejects where they cannot be had, or where there are none. */
export async function readKeySet(source: KeySource, signal: AbortSignal): Promise<LocalJWKSet> {
  const keySet = await fetchJson(source.jwksUrl ?? (await discoverKeys(source.issuer, signal)), 'The key set', signal);
  if (!isJsonObject(keySet) || !Array.isArray(keySet['keys']) || keySet['keys'].length === 0) {
    throw new Error('The key set holds no keys.');
  }
  return createLocalJWKSet({ keys: keySet['keys'] });
}

/** OpenID Connect Discovery 1.0, section 4; the document has to name the very issuer that was asked. */
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
