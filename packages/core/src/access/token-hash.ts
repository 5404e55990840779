import { hash, timingSafeEqual } from 'node:crypto';

/** The SHA-256 of a token, which is all that is kept of it. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Compares two hashes in a time that does not depend on where they differ. */
export function isSameHash(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
