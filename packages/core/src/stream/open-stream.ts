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
  { anyShape = false }: OpenStreamOptions = {},
): OpenStream {
  // A Converse answer says by its stop reason what a guardrail did.
  const isGuarded = call.operation === 'invoke-model' && call.options?.guardrail !== undefined;
  let reader: AnswerReader | undefined;
  let meta: CallMeta | undefined;
  let batches: AsyncIterator<ChunkBatch> | undefined;
  let pull: Promise<IteratorResult<ChunkBatch>> | undefined;
  let failure: unknown;
  let hasGiven = false;
  let state: 'reading' | 'failing' | 'ended' = 'reading';
  let lingerMs = longestLingerMs;

  async function send(): Promise<IteratorResult<ChunkBatch>> {
    const stream = await invoker.stream({ ...call, signal: watch.signal });
    meta = stream.meta;
    batches = stream.batches[Symbol.asyncIterator]();
    return batches.next();
  }

  function fail(error: unknown): never {
    state = 'ended';
    if (isProxyError(error) && error.meta) meta = error.meta;
    throw watch.signal.aborted && error === watch.signal.reason ? error : toProxyError(error);
  }

  /** A cut or a silence after the model marked its end takes nothing from the answer; an exception does. */
  function endsWhole(error: unknown): boolean {
    if (!reader?.isEnded || !isProxyError(error)) return false;
    return error.code === 'upstream_truncated' || error === watch.signal.reason;
  }

  function finish(): EventBatch {
    state = 'ended';
    return { chunks: [], events: (reader ?? createAnswerReader({ anyShape, isGuarded })).end() };
  }

  return {
    async next(wakeAt = Infinity) {
      if (state === 'ended') return undefined;
      try {
        if (state === 'failing') throw failure;
        const phase = pull ? undefined : batches ? 'between-events' : 'first-event';
        pull ??= batches ? batches.next() : send();
        // Only time spent waiting counts: while a client takes its piece, an upstream cannot be seen to close.
        const began = reader?.isComplete ? performance.now() : Infinity;
        const leaveAt = began + lingerMs;
        const longest = Math.min(wakeAt, leaveAt);
        const waiting = watch.wait(pull, longest);
        // After the wait, which wakes before any limit: in this order, there is one timer.
        if (phase) watch.enter(phase);
        let received = await waiting;
        // Frames without a chunk mean something to a passthrough only, and are no first event.
        while (received !== 'awake' && !received.done && received.value.chunks.length === 0 && !anyShape && batches) {
          pull = batches.next();
          received = await watch.wait(pull, longest);
        }
        if (began < Infinity) lingerMs = leaveAt - performance.now();
        if (received === 'awake' && lingerMs > 0) return received;
        if (received === 'awake' || received.done) {
          // An upstream that did not close the stream is aborted with the watch.
          watch.enter(received === 'awake' ? 'unbounded' : 'over');
          return finish();
        }
        pull = undefined;
        watch.enter('unbounded');
        reader ??= createAnswerReader({ anyShape, isGuarded });
        const { frames, chunks: came } = received.value;
        const { chunks, events, failure: unreadable, reported } = reader.read(came);
        if (unreadable || reported) {
          failure = unreadable ?? (reported && (await errorOfReported(reported)));
          state = 'failing';
          // A passthrough hands on all frames of the read, unless its client can still be told of a failure by a status.
          if (anyShape ? !hasGiven && !endsWhole(failure) : events.length === 0) throw failure;
        }
        hasGiven = true;
        return frames === undefined ? { chunks, events } : { chunks, events, frames };
      } catch (error) {
        if (endsWhole(error)) return finish();
        return fail(error);
      }
    },
    get meta() {
      return meta;
    },
    get usage() {
      return mergeUsage(meta?.reportedTokens ?? {}, reader?.usage ?? {});
    },
    get nativeStopReason() {
      return reader?.nativeStopReason;
    },
    get guardrailAction() {
      return reader?.guardrailAction;
    },
    get accepted() {
      return batches !== undefined;
    },
    get textLength() {
      return reader?.textLength ?? 0;
    },
  };
}
