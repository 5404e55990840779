import type { AccessPolicy } from './access-policy.js';
import { knownTokens } from './known-tokens.js';
import { parseTokenRecords } from './parse-token-records.js';
import { RefreshingValue } from './refreshing-value.js';
import type { TokenRecord } from './token-record.js';

export interface StoredTokensOptions {
  /** Reads all records. `signal` aborts after `timeoutMs`. */
  readonly read: (signal: AbortSignal) => Promise<readonly TokenRecord[]>;
  /** Seconds until the records are read again. Default: 60. */
  readonly ttlSeconds?: number | undefined;
  /** The timeout of a read, in milliseconds. Default: 3,000. */
  readonly timeoutMs?: number | undefined;
  /** Called for each failed read, even if older records remain in use. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

const minute = 60_000;

/**
 * Admits callers with a bearer token from a store. The records are read at the first use, again after `ttlSeconds`, and at once for an
 * unknown token, but at most every 5 seconds. If the store cannot be read, the old records remain in use for 15 more minutes. Without
 * records, the code is `auth_unavailable`, and the store is read at most once a second.
 */
export function storedTokens({
  read,
  ttlSeconds = 60,
  timeoutMs = 3_000,
  onFailure,
}: StoredTokensOptions): AccessPolicy {
  const tokens = new RefreshingValue({
    read: async (signal) => knownTokens(parseTokenRecords(await read(signal))),
    ttlMs: ttlSeconds * 1_000,
    staleMs: 15 * minute,
    timeoutMs,
    demandMs: 5_000,
    pauseMs: { cold: 1_000, warm: 5_000 },
    onFailure,
  });
  return async (request) => {
    const { token } = request;
    if (token === undefined) return { allow: false, code: 'missing_token' };
    try {
      const { value, wasJustRead } = await tokens.get();
      if (wasJustRead || value.knows(token)) return value.judge(request);
      return (await tokens.demand()).judge(request);
    } catch (cause) {
      return { allow: false, code: 'auth_unavailable', cause };
    }
  };
}
