export interface RefreshingOptions<Value> {
  /** Reads the value; `signal` aborts when nobody waits any more. */
  readonly read: (signal: AbortSignal) => Promise<Value>;
  /** Milliseconds that a value is fresh; up to a tenth less, so that many processes do not all read at once. */
  readonly ttlMs: number;
  /** Milliseconds for which a value is used beyond that while it cannot be read again. */
  readonly staleMs: number;
  /** Milliseconds that a read may take. */
  readonly timeoutMs: number;
  /** Milliseconds between two reads that were demanded though the value was fresh. */
  readonly demandMs: number;
  /** Milliseconds without a further read after one that failed: with no usable value, and with one. */
  readonly pauseMs: { readonly cold: number; readonly warm: number };
  /** Told of every read that failed. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** A value that is read from elsewhere and kept. At most one read is under way at a time, and all who need it wait for that one. */
export class RefreshingValue<Value> {
  readonly #options: RefreshingOptions<Value>;
  #held: { readonly value: Value; readonly staleAt: number; readonly usableUntil: number } | undefined;
  #flight: Promise<void> | undefined;
  #failure: { readonly error: unknown; readonly at: number } | undefined;
  #demandedAt = -Infinity;

  constructor(options: RefreshingOptions<Value>) {
    this.#options = options;
  }

  /** The value, read again where it is stale. Rejects with what the read failed of where no usable value is held. */
  async get(): Promise<{ readonly value: Value; readonly wasJustRead: boolean }> {
    const now = Date.now();
    const isFresh = this.#held !== undefined && now < this.#held.staleAt;
    const mayRead = !isFresh && !this.#isPausing(now);
    if (mayRead) await this.#read();
    return { value: this.#usable(), wasJustRead: mayRead };
  }

  /** The value, read again though it is fresh, unless that was done a moment ago. */
  async demand(): Promise<Value> {
    const now = Date.now();
    const isDue = now - this.#demandedAt >= this.#options.demandMs && !this.#isPausing(now);
    if (isDue) this.#demandedAt = now;
    if (isDue || this.#flight) await this.#read();
    return this.#usable();
  }

  #usable(): Value {
    if (this.#held !== undefined && Date.now() < this.#held.usableUntil) return this.#held.value;
    this.#held = undefined;
    throw this.#failure?.error ?? new Error('The value was never read.');
  }

  #isPausing(now: number): boolean {
    if (this.#failure === undefined) return false;
    const { cold, warm } = this.#options.pauseMs;
    const hasUsable = this.#held !== undefined && now < this.#held.usableUntil;
    return now - this.#failure.at < (hasUsable ? warm : cold);
  }

  #read(): Promise<void> {
    this.#flight ??= this.#readOnce().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
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
      this.#held = { value, staleAt, usableUntil: now + ttlMs + staleMs };
      this.#failure = undefined;
    } catch (error) {
      this.#failure = { error, at: Date.now() };
      onFailure?.(error);
    } finally {
      clearTimeout(timer);
    }
  }
}
