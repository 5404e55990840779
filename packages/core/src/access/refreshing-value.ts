export interface RefreshingOptions<Value> {
  /** Reads the value. `signal` aborts after `timeoutMs`. */
  readonly read: (signal: AbortSignal) => Promise<Value>;
  /** Milliseconds for which a value is fresh. A random part of up to a tenth is subtracted, so that processes do not all read at once. */
  readonly ttlMs: number;
  /** Milliseconds for which a stale value remains usable if it cannot be read again. */
  readonly staleMs: number;
  /** The timeout of a read, in milliseconds. */
  readonly timeoutMs: number;
  /** Minimum milliseconds between two reads of a fresh value by `demand`. */
  readonly demandMs: number;
  /**
   * Milliseconds without another read after a failed read: `cold` without a usable value, `warm` with one. A random part of up to a
   * quarter is added, so that processes do not all read at once.
   */
  readonly pauseMs: { readonly cold: number; readonly warm: number };
  /** Called for each failed read. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** A value that is read from a source and cached. At most one read runs at a time, and all callers share it. */
export class RefreshingValue<Value> {
  readonly #options: RefreshingOptions<Value>;
  #cached: { readonly value: Value; readonly staleAt: number; readonly usableUntil: number } | undefined;
  #reading: Promise<void> | undefined;
  #failure: { readonly error: unknown; readonly at: number; readonly stretch: number } | undefined;
  #demandedAt = -Infinity;

  constructor(options: RefreshingOptions<Value>) {
    this.#options = options;
  }

  /** Returns the value, and reads it first if it is stale. Rejects with the error of the read if no usable value is cached. */
  async get(): Promise<{ readonly value: Value; readonly wasJustRead: boolean }> {
    const now = Date.now();
    const isFresh = this.#cached !== undefined && now < this.#cached.staleAt;
    const mayRead = !isFresh && !this.#isPausing(now);
    if (mayRead) await this.#read();
    return { value: this.#usable(), wasJustRead: mayRead };
  }

  /** Reads the value even if it is fresh, but at most once in `demandMs`, and returns it. Rejects like `get`. */
  async demand(): Promise<Value> {
    const now = Date.now();
    const isDue = now - this.#demandedAt >= this.#options.demandMs && !this.#isPausing(now);
    if (isDue) this.#demandedAt = now;
    if (isDue || this.#reading) await this.#read();
    return this.#usable();
  }

  #usable(): Value {
    if (this.#cached !== undefined && Date.now() < this.#cached.usableUntil) return this.#cached.value;
    this.#cached = undefined;
    throw this.#failure?.error ?? new Error('The value was never read.');
  }

  #isPausing(now: number): boolean {
    if (this.#failure === undefined) return false;
    const { cold, warm } = this.#options.pauseMs;
    const hasUsable = this.#cached !== undefined && now < this.#cached.usableUntil;
    return now - this.#failure.at < (hasUsable ? warm : cold) * this.#failure.stretch;
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    const { read, ttlMs, staleMs, timeoutMs, onFailure } = this.#options;
    const deadline = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`No answer within ${timeoutMs} ms.`);
        deadline.abort(error);
        reject(error);
      }, timeoutMs);
    });
    try {
      const value = await Promise.race([read(deadline.signal), timeout]);
      const now = Date.now();
      const staleAt = now + ttlMs * (1 - Math.random() / 10);
      this.#cached = { value, staleAt, usableUntil: now + ttlMs + staleMs };
      this.#failure = undefined;
    } catch (error) {
      this.#failure = { error, at: Date.now(), stretch: 1 + Math.random() / 4 };
      onFailure?.(error);
    } finally {
      clearTimeout(timer);
    }
  }
}
