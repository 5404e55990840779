import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { DenialReason } from '../access/denial-reason.js';
import type { KeyLookup } from './create-key-lookup.js';

/** A key set has few keys. The limit bounds the time that a token without `kid` can take. */
const mostKeys = 16;

/** Verifies a token with the keys of the issuer, and once more with new ones if its signature does not fit. Rejects like `verifyWith`. */
export async function verifyToken(token: string, keys: KeyLookup, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return await verifyWith(token, keys.find, options);
  } catch (error) {
    const findKey = error instanceof errors.JWSSignatureVerificationFailed ? await keys.readAgain() : undefined;
    if (!findKey) throw error;
    return await verifyWith(token, findKey, options);
  }
}

/**
 * Verifies the signature of a token, then its claims. If several keys of the issuer fit its header, they are tried in turn. Rejects with
 * an error of jose, which `reasonOf` classifies.
 */
async function verifyWith(token: string, findKey: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, findKey, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return await verifyInTurn(token, error, options);
  }
}

async function verifyInTurn(
  token: string,
  { [Symbol.asyncIterator]: keys }: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  let failure: unknown = new errors.JWKSNoMatchingKey();
  let tried = 0;
  for await (const key of { [Symbol.asyncIterator]: keys }) {
    if (tried++ === mostKeys) break;
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      // Any other error is about the claims, and so this key has signed the token.
      if (!isAboutKey(error)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** jose throws a `TypeError` for a key that it refuses to use, such as a short one. */
function isAboutKey(error: unknown): boolean {
  return error instanceof errors.JWSSignatureVerificationFailed || error instanceof TypeError;
}

/** Why a token was refused. The result never quotes the token. */
export function reasonOf(error: unknown): DenialReason {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return reasonOfClaim(error);
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return 'algorithm';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof TypeError) return 'key';
  return 'malformed';
}

function reasonOfClaim({ claim, reason }: errors.JWTClaimValidationFailed): DenialReason {
  if (claim === 'iss') return 'issuer';
  return claim === 'nbf' && reason === 'check_failed' ? 'not_yet_valid' : 'claims';
}
