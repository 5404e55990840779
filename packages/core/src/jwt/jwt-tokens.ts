import { type JWTPayload, jwtVerify } from 'jose';
import type { AccessPolicy, Admission } from '../access/access-policy.js';
import { modelGlobs } from '../access/model-globs.js';
import { trustedUrl } from '../access/trusted-url.js';
import { createKeyLookup, KeysUnavailable } from './create-key-lookup.js';

export interface JwtTokensOptions {
  /** The `iss` of the tokens, to the letter. */
  readonly issuer: string;
  /** What `aud` has to hold; of several, one. */
  readonly audience: string | readonly string[];
  /** By default what the issuer's OpenID Connect configuration names. */
  readonly jwksUrl?: string | undefined;
  /** The claim that holds globs of models; `bedrock_models` by default. */
  readonly modelsClaim?: string | undefined;
  /** Told whenever the keys could not be read. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

const longest = 8_192;
const toleranceSeconds = 30;
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/**
 * Admits callers with a JWT that the issuer signed with one of its own asymmetric keys, for this audience, with `iss`, `aud`, `exp` and
 * `sub`; the principal is `sub`. Times are judged with 30 seconds of tolerance. While no key can be read: `auth_unavailable`.
 * Throws a `TypeError` where keys would be fetched over anything but https.
 */
export function jwtTokens(options: JwtTokensOptions): AccessPolicy {
  const { issuer, audience, jwksUrl, modelsClaim = 'bedrock_models', onFailure } = options;
  if (jwksUrl === undefined) trustedUrl(issuer, 'The issuer');
  const source = { issuer, jwksUrl: jwksUrl === undefined ? undefined : trustedUrl(jwksUrl, 'The URL of the key set') };
  const findKey = createKeyLookup(source, onFailure);
  const expected = {
    issuer,
    audience: [audience].flat(),
    algorithms: [...algorithms],
    clockTolerance: toleranceSeconds,
  };
  return async ({ token }) => {
    if (token === undefined) return { allow: false, code: 'missing_token' };
    if (token.length > longest) return { allow: false, code: 'invalid_token' };
    try {
      const { payload } = await jwtVerify(token, findKey, expected);
      return admissionOf(payload, modelsClaim) ?? { allow: false, code: 'invalid_token' };
    } catch (cause) {
      if (cause instanceof KeysUnavailable) return { allow: false, code: 'auth_unavailable', cause };
      return { allow: false, code: 'invalid_token' };
    }
  };
}

/** jose has judged what is there; `exp` and `sub` have to be. */
function admissionOf(claims: JWTPayload, modelsClaim: string): Admission | undefined {
  const { sub, exp = NaN, iat = 0 } = claims;
  if (typeof sub !== 'string' || sub === '' || !Number.isFinite(exp)) return undefined;
  if (iat > Date.now() / 1_000 + toleranceSeconds) return undefined;
  const globs = Object.hasOwn(claims, modelsClaim) ? globsOf(claims[modelsClaim]) : undefined;
  return { allow: true, principal: sub, ...(globs && { permitsModel: modelGlobs(globs) }) };
}

/** A claim of any other type gives no right at all. */
function globsOf(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(/[\s,]+/).filter((glob) => glob !== '');
  return Array.isArray(claim) && claim.every((glob) => typeof glob === 'string') ? claim : [];
}
