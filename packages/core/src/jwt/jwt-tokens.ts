import type { JWTPayload } from 'jose';
import type { AccessDecision, AccessPolicy } from '../access/access-policy.js';
import type { DenialReason } from '../access/denial-reason.js';
import { modelGlobs } from '../access/model-globs.js';
import { trustedUrl } from '../access/trusted-url.js';
import { createKeyLookup, KeysUnavailable } from './create-key-lookup.js';
import { reasonOf, verifyToken } from './verify-token.js';

export interface JwtTokensOptions {
  /** The exact `iss` claim of the tokens. */
  readonly issuer: string;
  /** The accepted audiences. The `aud` claim must contain one of them. If a token has no `aud`, its `client_id` must be one of them. */
  readonly audience: string | readonly string[];
  /** URL of the key set. Default: `jwks_uri` in the OpenID Connect configuration of the issuer. */
  readonly jwksUrl?: string | undefined;
  /** Name of the claim with globs of models. Default: `bedrock_models`. */
  readonly modelsClaim?: string | undefined;
  /** Name of the claim with the team of the caller, a string. Default: none. */
  readonly teamClaim?: string | undefined;
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
 * Admits callers with a JWT of the issuer. The token must be signed with an asymmetric key of the issuer, and must have `iss`, `exp`,
 * `sub`, and `aud` or `client_id`. The principal is `sub`. Times have a tolerance of 30 seconds. If no key can be read, the code is
 * `auth_unavailable`. Throws a `TypeError` if keys would be fetched without https from another host.
 */
export function jwtTokens(options: JwtTokensOptions): AccessPolicy {
  const { issuer, audience, jwksUrl, modelsClaim = 'bedrock_models', teamClaim, onFailure } = options;
  if (jwksUrl === undefined) trustedUrl(issuer, 'The issuer');
  const source = { issuer, jwksUrl: jwksUrl === undefined ? undefined : trustedUrl(jwksUrl, 'The URL of the key set') };
  const keys = createKeyLookup(source, onFailure);
  const audiences = [audience].flat();
  const expected = {
    issuer,
    algorithms: [...algorithms],
    clockTolerance: toleranceSeconds,
  };
  return async ({ token }) => {
    if (token === undefined) return { allow: false, code: 'missing_token' };
    if (token.length > maxTokenLength) return refused('malformed');
    try {
      return decide(await verifyToken(token, keys, expected), audiences, { modelsClaim, teamClaim });
    } catch (cause) {
      if (cause instanceof KeysUnavailable) return { allow: false, code: 'auth_unavailable', cause };
      return refused(reasonOf(cause));
    }
  };
}

function refused(reason: DenialReason): AccessDecision {
  return { allow: false, code: 'invalid_token', reason };
}

/** jose has checked the signature and `iss`. It checks times only if they are present, but `exp` must be present. */
function decide(
  claims: JWTPayload,
  audiences: readonly string[],
  { modelsClaim = '', teamClaim }: Pick<JwtTokensOptions, 'modelsClaim' | 'teamClaim'>,
): AccessDecision {
  const { sub, exp = NaN, iat = 0 } = claims;
  if (typeof sub !== 'string' || sub === '' || !Number.isFinite(exp)) return refused('claims');
  if (iat > Date.now() / 1_000 + toleranceSeconds) return refused('not_yet_valid');
  if (!isFor(claims, audiences)) return refused('audience');
  const globs = Object.hasOwn(claims, modelsClaim) ? globsOf(claims[modelsClaim]) : undefined;
  const team = teamClaim !== undefined && Object.hasOwn(claims, teamClaim) ? claims[teamClaim] : undefined;
  // A caller must not leave its team's limits by a claim that cannot be read.
  if (team !== undefined && (typeof team !== 'string' || team === '')) return refused('claims');
  return {
    allow: true,
    principal: sub,
    ...(team !== undefined && { team }),
    ...(globs && { permitsModel: modelGlobs(globs) }),
  };
}

/** Access tokens of Amazon Cognito have no `aud`. They name the application, or the machine, in `client_id`. */
function isFor({ aud, client_id: client }: JWTPayload, audiences: readonly string[]): boolean {
  const names: readonly unknown[] = aud === undefined ? [client] : [aud].flat();
  return names.some((name) => typeof name === 'string' && audiences.includes(name));
}

/** A claim of another type permits no model. */
function globsOf(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(/[\s,]+/).filter((glob) => glob !== '');
  return Array.isArray(claim) && claim.every((glob) => typeof glob === 'string') ? claim : [];
}
