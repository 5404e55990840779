import { isProxyError, toProxyError } from '../errors/proxy-error.js';
import { mergeUsage } from '../models/chunk-reading.js';
import type { ModelEvent } from '../models/model-event.js';
import type { CallMeta, ChunkBatch, ModelCall, ModelInvoker, Usage } from '../ports/model-invoker.js';
import { type AnswerReader, createAnswerReader, errorOfReported, type ReadChunk } from './answer-reader.js';
import type { CallWatch } from './call-watch.js';

/** One network read of a streamed answer: the chunks as they came, and the neutral events that they mean. */
export interface EventBatch {
  readonly chunks: readonly ReadChunk[];
  readonly events: readonly ModelEvent[];
  /** The event frames that brought the chunks, as they came; see `ChunkBatch`. */
  readonly frames?: Uint8Array;
}

/** What a call reports about itself, as far as it is known at the time of reading. */
export interface CallReport {
  /** Absent until the model accepted or refused the call. */
  readonly meta: CallMeta | undefined;
  readonly usage: Usage;
  readonly nativeStopReason?: string | undefined;
  /** What Bedrock's guardrail did: `INTERVENED` or `NONE`. */
  readonly guardrailAction?: string | undefined;
  /** Whether the model accepted the call. */
  readonly accepted: boolean;
  /** Characters of text and reasoning that a stream has brought. */
  readonly textLength: number;
}

/** A streamed answer that is pulled batch by batch and ends in exactly one way. */
export interface OpenStream extends CallReport {
  /**
   * The next batch; undefined once the model has ended its answer. Throws the one failure of the stream: a `ProxyError`, a
   * `ReaderGone`, or the reason of the caller's own signal. Resolves to `'awake'` at `wakeAt`, and goes on waiting at the next call.
   */
  next(wakeAt?: number): Promise<EventBatch | 'awake' | undefined>;
}

/** A call as it is handed to an invoker, without the signal of its watch. */
export type CallInput = Omit<ModelCall, 'signal'>;

export interface OpenStreamOptions {
  /** See `createAnswerReader`. */
  readonly anyShape?: boolean;
}

/** How long a complete answer waits, in milliseconds, for its upstream to close the stream. */
const longestLingerMs = 1_000;

/** Sends `call` and reads its answer under `watch`, which the caller closes. */
export function openStream(
  invoker: ModelInvoker,
  call: CallInput,
  watch: CallWatch,
  options: OpenStreamOptions = {},
): OpenStream {
  return new WatchedStream(invoker, call, watch, options);
}

/** A class for the reason that `createAnswerReader` has one. */
class WatchedStream implements OpenStream {
  readonly #invoker: ModelInvoker;
  readonly #call: CallInput;
  readonly #watch: CallWatch;
  readonly #anyShape: boolean;
  meta: CallMeta | undefined;
  #reader: AnswerReader | undefined;
  #batches: AsyncIterator<ChunkBatch> | undefined;
  #pull: Promise<IteratorResult<ChunkBatch>> | undefined;
  #failure: unknown;
  #hasGiven = false;
  #state: 'reading' | 'failing' | 'ended' = 'reading';
  #lingerMs = longestLingerMs;

  constructor(invoker: ModelInvoker, call: CallInput, watch: CallWatch, { anyShape = false }: OpenStreamOptions) {
    this.#invoker = invoker;
    this.#call = call;
    this.#watch = watch;
    this.#anyShape = anyShape;
  }

  async next(wakeAt = Infinity): Promise<EventBatch | 'awake' | undefined> {
    if (this.#state === 'ended') return undefined;
    const watch = this.#watch;
    try {
      if (this.#state === 'failing') throw this.#failure;
      const phase = this.#pull ? undefined : this.#batches ? 'between-events' : 'first-event';
      this.#pull ??= this.#batches ? this.#batches.next() : this.#send();
      // Only time spent waiting counts: while a client takes its piece, an upstream cannot be seen to close.
      const began = this.#reader?.isComplete ? performance.now() : Infinity;
      const leaveAt = began + this.#lingerMs;
      const longest = Math.min(wakeAt, leaveAt);
      const waiting = watch.wait(this.#pull, longest);
      // After the wait, which wakes before any limit: in this order, there is one timer.
      if (phase) watch.enter(phase);
      let received = await waiting;
      // Frames without a chunk mean something to a passthrough only, and are no first event.
      while (
        received !== 'awake' &&
        !received.done &&
        received.value.chunks.length === 0 &&
        !this.#anyShape &&
        this.#batches
      ) {
        this.#pull = this.#batches.next();
        received = await watch.wait(this.#pull, longest);
      }
      if (began < Infinity) this.#lingerMs = leaveAt - performance.now();
      if (received === 'awake' && this.#lingerMs > 0) return received;
      if (received === 'awake' || received.done) {
        // An upstream that did not close the stream is aborted with the watch.
        watch.enter(received === 'awake' ? 'unbounded' : 'over');
        return this.#finish();
      }
      this.#pull = undefined;
      watch.enter('unbounded');
      this.#reader ??= this.#createReader();
      const { frames, chunks: came } = received.value;
      const { chunks, events, failure: unreadable, reported } = this.#reader.read(came);
      if (unreadable || reported) {
        this.#failure = unreadable ?? (reported && (await errorOfReported(reported)));
        this.#state = 'failing';
        // A passthrough hands on all frames of the read, unless its client can still be told of a failure by a status.
        const mustFail = this.#anyShape ? !this.#hasGiven && !this.#endsWhole(this.#failure) : events.length === 0;
        if (mustFail) throw this.#failure;
      }
      this.#hasGiven = true;
      return frames === undefined ? { chunks, events } : { chunks, events, frames };
    } catch (error) {
      if (this.#endsWhole(error)) return this.#finish();
      return this.#fail(error);
    }
  }

  get usage(): Usage {
    return mergeUsage(this.meta?.reportedTokens ?? {}, this.#reader?.usage ?? {});
  }

  get nativeStopReason(): string | undefined {
    return this.#reader?.nativeStopReason;
  }

  get guardrailAction(): string | undefined {
    return this.#reader?.guardrailAction;
  }

  get accepted(): boolean {
    return this.#batches !== undefined;
  }

  get textLength(): number {
    return this.#reader?.textLength ?? 0;
  }

  async #send(): Promise<IteratorResult<ChunkBatch>> {
    const stream = await this.#invoker.stream({ ...this.#call, signal: this.#watch.signal });
    this.meta = stream.meta;
    this.#batches = stream.batches[Symbol.asyncIterator]();
    return this.#batches.next();
  }

  #createReader(): AnswerReader {
    const { operation, options } = this.#call;
    // A Converse answer says by its stop reason what a guardrail did.
    const isGuarded = operation === 'invoke-model' && options?.guardrail !== undefined;
    return createAnswerReader({ anyShape: this.#anyShape, isGuarded });
  }

  #fail(error: unknown): never {
    this.#state = 'ended';
    if (isProxyError(error) && error.meta) this.meta = error.meta;
    const { signal } = this.#watch;
    throw signal.aborted && error === signal.reason ? error : toProxyError(error);
  }

  /** A cut or a silence after the model marked its end takes nothing from the answer; an exception does. */
  #endsWhole(error: unknown): boolean {
    if (!this.#reader?.isEnded || !isProxyError(error)) return false;
    return error.code === 'upstream_truncated' || error === this.#watch.signal.reason;
  }

  #finish(): EventBatch {
    this.#state = 'ended';
    return { chunks: [], events: (this.#reader ?? createAnswerReader()).end() };
  }
}
