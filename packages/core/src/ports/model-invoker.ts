/** One JSON document that a model sent: a piece of a streamed answer. */
export interface Chunk {
  readonly bytes: Uint8Array;
}

/** Token counts that Bedrock gave in response headers; for some models the only counts there are. */
export interface ReportedTokens {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
}

/** What is known of a call beside its answer. A refusal carries it too (`ProxyError.meta`). */
export interface CallMeta {
  /** Requests sent to the model, retries included. */
  readonly attempts: number;
  readonly upstreamRequestId?: string;
  readonly reportedTokens?: ReportedTokens;
}

/** Bedrock's own settings of a call, which travel beside the body. */
export interface InvokeModelOptions {
  readonly guardrail?: {
    readonly id: string;
    readonly version: string;
    readonly trace?: 'ENABLED' | 'DISABLED' | 'ENABLED_FULL';
  };
  readonly performanceLatency?: 'standard' | 'optimized';
  readonly serviceTier?: 'default' | 'flex' | 'priority' | 'reserved';
}

/** One call of a model. `body` is the model's own JSON; aborting `signal` gives the call up, down to the socket. */
export interface ModelCall {
  readonly operation: 'invoke-model';
  readonly modelId: string;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
  readonly options?: InvokeModelOptions;
}

/** A whole answer, its body untouched. */
export interface ModelAnswer {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly meta: CallMeta;
}

/** A streamed answer: one non-empty batch for each network read, never held back to grow. */
export interface ModelStream {
  readonly contentType: string;
  readonly meta: CallMeta;
  readonly batches: AsyncIterable<readonly Chunk[]>;
}

/**
 * What the proxy needs of a model host. A refusal rejects with a `ProxyError` that carries `meta`;
 * a failure in mid-stream throws one from `batches`. Leaving `batches` does not give up: only `signal` does.
 */
export interface ModelInvoker {
  /** Resolves with the whole answer. */
  invoke(call: ModelCall): Promise<ModelAnswer>;
  /** Resolves once the model has accepted the call. */
  stream(call: ModelCall): Promise<ModelStream>;
}
