import type { AccessPolicy } from './access-policy.js';
import { knownTokens } from './known-tokens.js';
import { parseTokenRecords } from './parse-token-records.js';
import type { TokenRecord } from './token-record.js';

/**
 * Admits callers that present one of the tokens, with the rights of its record. Outside its `ips` or its period of validity, the code is
 * `invalid_token`. Each token is compared with all records, by hash and in constant time. Throws a `TypeError` that names the place of an
 * invalid value.
 */
export function bearerTokens(records: readonly TokenRecord[]): AccessPolicy {
  return knownTokens(parseTokenRecords(records)).judge;
}
