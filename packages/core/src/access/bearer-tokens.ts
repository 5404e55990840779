import type { AccessPolicy } from './access-policy.js';
import { knownTokens } from './known-tokens.js';
import { parseTokenRecords } from './parse-token-records.js';
import type { TokenRecord } from './token-record.js';

/**
 * Admits callers that present one of the tokens, with its rights; outside its `ips` or its time it is `invalid_token`. Each request is
 * compared, by hash and in constant time, with every record. Throws a `TypeError` that names the place of what cannot be used.
 */
export function bearerTokens(records: readonly TokenRecord[]): AccessPolicy {
  return knownTokens(parseTokenRecords(records)).judge;
}
