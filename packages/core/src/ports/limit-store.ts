/** A condition on one counter. A counter that is not there counts as 0. */
export type Bound =
  | { readonly counter: string; readonly atMost: number }
  | { readonly counter: string; readonly atLeast: number };

/** One atomic change of the counters under a key. */
export interface CounterUpdate {
  /** What each counter gains: whole numbers, which may be negative. */
  readonly add: Readonly<Record<string, number>>;
  /** Counters to delete. None of them is in `add`. */
  readonly remove?: readonly string[];
  /** The update is applied only if all of these hold: in each, any of the lists; in a list, all of its bounds. */
  readonly when?: readonly (readonly (readonly Bound[])[])[];
  /** When the key may be forgotten, in seconds since 1970. */
  readonly expiresAt: number;
}

export interface CounterResult {
  readonly applied: boolean;
  /** All counters under the key: after the update, or as they were found if it was not applied. Absent if the store cannot tell. */
  readonly counters?: Readonly<Record<string, number>>;
}

/** The port to a store of counters: whole numbers by name, under a key. Each update is atomic. */
export interface LimitStore {
  /**
   * Rejects if the store cannot be asked; the update may have been applied all the same. An error with `permanent: true` is a mistake
   * that its operator must fix: no such table, no permission, an invalid request. `signal` gives the update up.
   */
  update(key: string, update: CounterUpdate, signal: AbortSignal): Promise<CounterResult>;
}
