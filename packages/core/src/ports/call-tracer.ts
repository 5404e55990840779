import type { LogCode } from '../errors/error-kinds.js';
import type { Usage } from './model-invoker.js';

/** Traces calls of a model. An error that it throws is logged, and no client sees it. */
export interface CallTracer {
  /** Begins the span of a call, within the active context. Undefined: this call is not traced. */
  startCall(call: TracedCall): CallSpan | undefined;
}

/** A call of a model that begins. Several bodies of one client request are one call. */
export interface TracedCall {
  readonly modelId: string;
  readonly stream: boolean;
  readonly operation: 'chat' | 'text_completion' | 'embeddings';
  /** The id of the client's request. */
  readonly requestId?: string;
  readonly guardrailId?: string;
  /** The host of the model, with its port if that is not 443. */
  readonly serverAddress?: string;
}

export interface CallSpan {
  /** The first chunk of a stream came. */
  firstChunk(): void;
  /** The call is over. Runs exactly once, however it ends. */
  end(outcome: SpanOutcome): void;
}

/** How a call ended, with the counts that are known by then. */
export interface SpanOutcome extends Usage {
  /** Absent for a call that succeeded. */
  readonly code?: LogCode;
  /** The model's own word. */
  readonly stopReason?: string;
  readonly upstreamRequestId?: string;
  /** Requests sent to the model, retries included. */
  readonly attempts: number;
}
