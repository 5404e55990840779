import { isProxyError, toProxyError } from '../errors/proxy-error.js';
import type { ModelEvent, Usage } from '../models/model-event.js';
import type { CallMeta, Chunk, ModelCall, ModelInvoker } from '../ports/model-invoker.js';
import { createAnswerReader } from './answer-reader.js';
import { type CallWatch, ReaderGone } from './call-watch.js';

/** What one network read brought: the chunks as they came, and the neutral events that they mean. */
export interface EventBatch {
  readonly chunks: readonly Chunk[];
  readonly events: readonly ModelEvent[];
}

/** A streamed answer that is pulled batch by batch and ends in exactly one way. */
export interface OpenStream {
  /**
   * The next batch; undefined once the model has ended its answer. Throws the one failure of the stream: a `ProxyError`, a
   * `ReaderGone`, or the reason of the caller's own signal. Resolves to `'awake'` at `wakeAt`, and goes on waiting at the next call.
   */
  next(wakeAt?: number): Promise<EventBatch | 'awake' | undefined>;
  /** What is known of the call so far, for its account. */
  readonly meta: CallMeta;
  readonly usage: Usage;
  readonly nativeStopReason: string | undefined;
}

export type StreamCall = Omit<ModelCall, 'signal' | 'operation'>;

/** Sends `call` and reads its answer under `watch`, which the caller closes. */
export function openStream(invoker: ModelInvoker, call: StreamCall, watch: CallWatch): OpenStream {
  const reader = createAnswerReader();
  let meta: CallMeta = { attempts: 0 };
  let batches: AsyncIterator<readonly Chunk[]> | undefined;
  let pull: Promise<IteratorResult<readonly Chunk[]>> | undefined;
  let failure: unknown;
  let state: 'reading' | 'failing' | 'ended' = 'reading';

  async function send(): Promise<IteratorResult<readonly Chunk[]>> {
    // How many there were is known from the answer alone; where none comes, one was sent at the least.
    meta = { attempts: 1 };
    const stream = await invoker.stream({ operation: 'invoke-model', ...call, signal: watch.signal });
    meta = stream.meta;
    batches = stream.batches[Symbol.asyncIterator]();
    return batches.next();
  }

  function fail(error: unknown): never {
    state = 'ended';
    if (isProxyError(error) && error.meta) meta = error.meta;
    throw error instanceof ReaderGone || watch.signal.reason === error ? error : toProxyError(error);
  }

  /** A cut or a silence after the model marked its end takes nothing from the answer; an exception does. */
  function endsWhole(error: unknown): boolean {
    if (!reader.isEnded || !isProxyError(error)) return false;
    return error.code === 'upstream_truncated' || error === watch.signal.reason;
  }

  function finish(): EventBatch {
    state = 'ended';
    return { chunks: [], events: reader.end() };
  }

  async function receive(wakeAt = Infinity): Promise<IteratorResult<readonly Chunk[]> | 'awake'> {
    if (!pull) {
      watch.enter(batches ? 'between-events' : 'first-event');
      pull = batches ? batches.next() : send();
    }
    const received = await watch.wait(pull, wakeAt);
    if (received !== 'awake') {
      pull = undefined;
      watch.enter('unbounded');
    }
    return received;
  }

  return {
    async next(wakeAt) {
      if (state === 'ended') return undefined;
      try {
        if (state === 'failing') throw failure;
        const received = await receive(wakeAt);
        if (received === 'awake') return received;
        if (received.done) {
          watch.enter('over');
          return finish();
        }
        const read = reader.read(received.value);
        if (read.failure) {
          failure = read.failure;
          state = 'failing';
          if (read.events.length === 0) throw failure;
        }
        return { chunks: received.value, events: read.events };
      } catch (error) {
        if (endsWhole(error)) return finish();
        return fail(error);
      }
    },
    get meta() {
      return meta;
    },
    get usage() {
      return { ...meta.reportedTokens, ...reader.usage };
    },
    get nativeStopReason() {
      return reader.nativeStopReason;
    },
  };
}
