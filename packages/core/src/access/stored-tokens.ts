import type { AccessPolicy } from './access-policy.js';
import { knownTokens } from './known-tokens.js';
import { parseTokenRecords } from './parse-token-records.js';
import { RefreshingValue } from './refreshing-value.js';
import type { TokenRecord } from './token-record.js';

export interface StoredTokensOptions {
  /** Reads the records, all of them; `signal` aborts after `timeoutMs`. */
  readonly read: (signal: AbortSignal) => Promise<readonly TokenRecord[]>;
  /** Seconds after which they are read again. 60 by default. */
  readonly ttlSeconds?: number | undefined;
  /** Milliseconds that a read may take. 3,000 by default. */
  readonly timeoutMs?: number | undefined;
  /** Told of every read that failed, also where older records go on serving. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

const minute = 60_000;

/**
 * Bearer tokens that live elsewhere: read at first use, again after `ttlSeconds`, and at once when an unknown token is presented, at
 * most every 5 seconds. While the store cannot be read the old ones serve for 15 minutes more; with none, `auth_unavailable`.
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
    pauseMs: { cold: 0, warm: 5_000 },
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
