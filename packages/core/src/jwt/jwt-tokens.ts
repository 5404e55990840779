import { type JWTPayload, jwtVerify } from 'jose';
import type { AccessPolicy, Admission } from '../access/access-policy.js';
import { modelGlobs } from '../access/model-globs.js';
import { trustedUrl } from '../access/trusted-url.js';
import { createKeyLookup, KeysUnavailable } from './create-key-lookup.js';

export interface JwtTokensOptions {
  /** The exact `iss` claim of the tokens. */
  readonly issuer: string;
  /** The accepted audiences. The `aud` claim must contain one of them. */
  readonly audience: string | readonly string[];
  /** URL of the key set. Default: `jwks_uri` in the OpenID Connect configuration of the issuer. */
  readonly jwksUrl?: string | undefined;
  /** Name of the claim with globs of models. Default: `bedrock_models`. */
  readonly modelsClaim?: string | undefined;
  /** Called each time the keys could not be read. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

const maxTokenLength = 8_192;
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
 * Admits callers with a JWT of the issuer. The token must be signed with an asymmetric key of the issuer, and must have `iss`, `aud`,
 * `exp` and `sub`. The principal is `sub`. Times have a tolerance of 30 seconds. If no key can be read, the code is `auth_unavailable`.
 * Throws a `TypeError` if keys would be fetched without https from another host.
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
    if (token.length > maxTokenLength) return { allow: false, code: 'invalid_token' };
    try {
      const { payload } = await jwtVerify(token, findKey, expected);
      return admissionOf(payload, modelsClaim) ?? { allow: false, code: 'invalid_token' };
    } catch (cause) {
      if (cause instanceof KeysUnavailable) return { allow: false, code: 'auth_unavailable', cause };
      return { allow: false, code: 'invalid_token' };
    }
  };
}

/** jose checks claims only if they are present, but `exp` and `sub` must be present. */
function admissionOf(claims: JWTPayload, modelsClaim: string): Admission | undefined {
  const { sub, exp = NaN, iat = 0 } = claims;
  if (typeof sub !== 'string' || sub === '' || !Number.isFinite(exp)) return undefined;
  if (iat > Date.now() / 1_000 + toleranceSeconds) return undefined;
  const globs = Object.hasOwn(claims, modelsClaim) ? globsOf(claims[modelsClaim]) : undefined;
  return { allow: true, principal: sub, ...(globs && { permitsModel: modelGlobs(globs) }) };
}

/** A claim of another type permits no model. */
function globsOf(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(/[\s,]+/).filter((glob) => glob !== '');
  return Array.isArray(claim) && claim.every((glob) => typeof glob === 'string') ? claim : [];
}
