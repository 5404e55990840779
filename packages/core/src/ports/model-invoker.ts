import type { ErrorCode } from '../errors/error-kinds.js';

/** One JSON document of a streamed answer. */
export interface Chunk {
  readonly bytes: Uint8Array;
  /** The type of the event that carried it, such as `contentBlockDelta`; absent for `invoke-model`, whose events have one type. */
  readonly eventType?: string;
}

/** The chunks of one network read; never held back to grow. */
export interface ChunkBatch {
  readonly chunks: readonly Chunk[];
  /**
   * The event frames that brought them, as they came: whole, contiguous and CRC-checked. A batch may have frames and no chunks. An
   * exception frame or an error frame is never among them: it throws. Absent if the invoker reads no event stream.
   */
  readonly frames?: Uint8Array;
}

/** Token counts as far as the model or Bedrock reported them. `inputTokens` excludes cached ones. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  /** The part of `cacheWriteTokens` that stays in the cache for an hour, which has a price of its own. */
  readonly cacheWrite1hTokens?: number;
}

/** Where a call went. */
export interface ServedBy {
  readonly modelId: string;
  readonly region?: string;
}

/** One target that was tried and failed. */
export interface FailedAttempt extends ServedBy {
  readonly code: ErrorCode;
  readonly durationMs: number;
  /** Requests sent to this target, retries included; 1 by default. */
  readonly attempts?: number;
  /** The counts that it reported. */
  readonly usage?: Usage;
  readonly upstreamRequestId?: string;
}

/** Facts about a call beside its answer. A refusal carries them too (`ProxyError.meta`). */
export interface CallMeta {
  /** Requests sent to the model, retries included; those to targets that failed too. */
  readonly attempts: number;
  readonly upstreamRequestId?: string;
  /** The counts in Bedrock's response headers. For some models there are no others. */
  readonly reportedTokens?: Usage;
  /** Bedrock's `x-amzn-requestid` and `x-amzn-bedrock-*` response headers, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The target that answered, if the invoker had several. */
  readonly served?: ServedBy;
  /** The targets that failed, in order. */
  readonly failed?: readonly FailedAttempt[];
}

/** Bedrock's own settings of a call. They travel beside the body, or inside a Converse body. */
export interface InvokeModelOptions {
  readonly guardrail?: {
    readonly id: string;
    readonly version: string;
    readonly trace?: 'ENABLED' | 'DISABLED' | 'ENABLED_FULL';
    /** How a guardrail judges a stream; `sync` by default. With `async`, what is masked later may have been seen. */
    readonly streamMode?: 'sync' | 'async';
  };
  readonly performanceLatency?: 'standard' | 'optimized';
  readonly serviceTier?: 'default' | 'flex' | 'priority' | 'reserved';
  /** 1 to 16 pairs, for Bedrock's own invocation logs. */
  readonly requestMetadata?: Readonly<Record<string, string>>;
}

/** One model that a call may go to. */
export interface ModelTarget {
  readonly model: string;
  /** The invoker's own Region by default. */
  readonly region?: string;
  /** A role to assume for the call. */
  readonly roleArn?: string;
  readonly externalId?: string;
  /** Its share of the calls, compared with the other targets. */
  readonly weight?: number;
  readonly options?: InvokeModelOptions;
  /** The model id whose price holds, for an ARN that names none. */
  readonly pricedAs?: string;
  readonly priceFactor?: number;
}

/** Which of Bedrock's operations a call uses. */
export type ModelOperation = 'invoke-model' | 'converse' | 'count-tokens';

/** One call of a model. */
export interface ModelCall {
  readonly operation: ModelOperation;
  readonly modelId: string;
  /** The JSON of the operation: the model's own payload for `invoke-model`. */
  readonly body: Uint8Array;
  /** Aborting it gives the call up, down to the socket. */
  readonly signal: AbortSignal;
  readonly options?: InvokeModelOptions;
  /** When the answer must be over, on the clock of `performance.now()`. */
  readonly deadlineAt?: number;
  /**
   * Milliseconds that each of several targets but the last has: to the first content of a stream, or to a whole answer. For an invoker
   * that tries several.
   */
  readonly firstEventTimeoutMs?: number;
  /** Where the call may go, in order, each with all its options. An invoker that knows no targets calls `modelId` with `options`. */
  readonly targets?: readonly ModelTarget[];
  /** Told of each target that fails, at once: a call that is given up later has no other way to say so. */
  onFailedAttempt?(attempt: FailedAttempt): void;
  /** Requests at most, retries included. An invoker that knows no such limit keeps its own. */
  readonly maxAttempts?: number;
}

/** A whole answer, its body untouched. */
export interface ModelAnswer {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly meta: CallMeta;
}

/** A streamed answer. */
export interface ModelStream {
  readonly contentType: string;
  readonly meta: CallMeta;
  readonly batches: AsyncIterable<ChunkBatch>;
}

/**
 * The port to a model host. A refusal rejects with a `ProxyError` that carries `meta`; a failure in mid-stream throws one from
 * `batches`. Leaving `batches` does not give the call up: only `signal` does.
 */
export interface ModelInvoker {
  /** The host of the model, with its port if that is not 443, for a trace. Absent if there are several, or if it is not known. */
  readonly serverAddress?: string;
  /** Resolves with the whole answer. */
  invoke(call: ModelCall): Promise<ModelAnswer>;
  /** Resolves once the model has accepted the call. `count-tokens` is never streamed. */
  stream(call: ModelCall): Promise<ModelStream>;
}
