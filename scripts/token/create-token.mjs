import { createHash, randomBytes } from 'node:crypto';

/** The prefix of every token. It helps people and secret scanners to recognise a token. */
const tokenPrefix = 'bproxy_';

/**
 * @typedef {object} TokenRights
 * @property {string} id
 * @property {readonly string[]} [models]
 * @property {readonly string[]} [ips]
 * @property {false} [stream]
 * @property {string} [notBefore] ISO 8601
 * @property {string} [expiresAt] ISO 8601
 */

/**
 * Creates a token of 256 random bits and its record. The record contains only a hash of the token.
 *
 * @param {TokenRights} rights
 * @returns {{ token: string, record: TokenRights & { sha256: string } }}
 */
export function createToken({ id, ...rights }) {
  const token = tokenPrefix + randomBytes(32).toString('base64url');
  return { token, record: { id, sha256: createHash('sha256').update(token).digest('hex'), ...rights } };
}
