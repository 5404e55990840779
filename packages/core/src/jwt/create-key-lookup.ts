import { errors, type JWTVerifyGetKey } from 'jose';
import { RefreshingValue } from '../access/refreshing-value.js';
import { type KeySource, readKeySet } from './read-key-set.js';

/** Thrown if the key set cannot be read and no earlier one is usable. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

const minute = 60_000;

/** Finds the keys of an issuer. Rejects with `KeysUnavailable`. */
export interface KeyLookup {
  /** Finds the key that a token names. */
  readonly find: JWTVerifyGetKey;
  /**
   * Reads the key set again, for a signature that its key does not fit: an issuer may replace a key and keep its `kid`. Undefined if the
   * set was read a short time ago.
   */
  readAgain(): Promise<JWTVerifyGetKey | undefined>;
}

/**
 * Looks up keys in the key set of the issuer. URLs in a token are ignored. The set is read at the first use, again after 10 minutes,
 * and for an unknown or replaced key at most every 30 seconds. In an outage, known keys remain in use for one more hour.
 */
export function createKeyLookup(source: KeySource, onFailure?: (error: unknown) => void): KeyLookup {
  const keys = new RefreshingValue({
    read: (signal) => readKeySet(source, signal),
    ttlMs: 10 * minute,
    staleMs: 60 * minute,
    timeoutMs: 5_000,
    demandMs: 30_000,
    pauseMs: { cold: 5_000, warm: 30_000 },
    onFailure,
  });
  const available = <Value>(reading: Promise<Value>) =>
    reading.catch((cause: unknown) => {
      throw new KeysUnavailable('The keys of the issuer cannot be read.', { cause });
    });
  return {
    async find(header, token) {
      const { value: find, wasJustRead } = await available(keys.get());
      try {
        return await find(header, token);
      } catch (error) {
        if (wasJustRead || !(error instanceof errors.JWKSNoMatchingKey)) throw error;
        const findAgain = await available(keys.demand());
        return await findAgain(header, token);
      }
    },
    async readAgain() {
      const { value: before } = await available(keys.get());
      const after = await available(keys.demand());
      return after === before ? undefined : after;
    },
  };
}
