import type { AccessPolicy } from './access-policy.js';
import { hashToken, isSameHash } from './token-hash.js';

/** One token that is accepted: itself, or its SHA-256 in hex. */
export interface TokenRecord {
  /** Who the token belongs to; logged as the principal. */
  readonly id: string;
  readonly token?: string;
  readonly sha256?: string;
}

/**
 * Admits callers that present one of the tokens. Each request is compared, by hash and in constant time, with every record.
 * Throws a `TypeError` that names the record where one has neither `token` nor `sha256`, or both.
 */
export function bearerTokens(records: readonly TokenRecord[]): AccessPolicy {
  const accepted = records.map((record) => ({ id: record.id, hash: hashOf(record) }));
  return ({ token }) => {
    if (token === undefined) return { allow: false, code: 'missing_token' };
    const presented = hashToken(token);
    let principal: string | undefined;
    for (const { id, hash } of accepted) {
      if (isSameHash(hash, presented)) principal ??= id;
    }
    return principal === undefined ? { allow: false, code: 'invalid_token' } : { allow: true, principal };
  };
}

function hashOf({ id, token, sha256 }: TokenRecord): Buffer {
  if (token !== undefined && sha256 === undefined) return hashToken(token);
  if (token === undefined && sha256 !== undefined && /^[0-9a-f]{64}$/i.test(sha256)) return Buffer.from(sha256, 'hex');
  throw new TypeError(`Token record "${id}" needs either token or sha256 (64 hex digits), and not both.`);
}
