/** What may be said of one invocation. */
export interface InvokeOptions {
  /** Milliseconds until the function's timeout, from the start of the handler. Then the invocation fails with `Sandbox.Timedout`. */
  readonly deadlineMs?: number;
  /** By default a random UUID. */
  readonly requestId?: string;
  /**
   * The client's leave. A sandbox only stops listening, for a Lambda is not told and runs on;
   * the in-process runtime destroys the handler's response stream, which emits `close`.
   */
  readonly signal?: AbortSignal;
}

/** A piece of a streamed answer as it arrived. */
export interface ResponsePiece {
  readonly bytes: Uint8Array;
  /** When it arrived, on the clock of `performance.now()`, in milliseconds. */
  readonly atMs: number;
}

/** Status, headers and cookies that `HttpResponseStream.from` sends ahead of the body. */
export interface ResponsePrelude {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly cookies?: readonly string[];
}

/** How a runtime reports a failure: `trace` is the stack, line by line. */
export interface ReportedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What came after a streamed body. `error` is set where the handler threw. */
export interface ResponseTrailers {
  readonly error?: ReportedError;
}

/** The answer of a handler that returns its result. */
export interface BufferedInvocation {
  readonly mode: 'buffered';
  readonly requestId: string;
  /** The result after its way through JSON; `null` where the handler returned nothing. */
  readonly payload: unknown;
}

/** The answer of a handler that writes to a response stream. */
export interface StreamedInvocation {
  readonly mode: 'streamed';
  readonly requestId: string;
  /** The content type of the runtime's own post: the integration one where a prelude was announced. */
  readonly contentType: string;
  /** Absent where none was announced, or where it is unusable. */
  readonly prelude?: ResponsePrelude;
  /** Why a prelude that the content type announces could not be read; the body then holds everything that was sent. */
  readonly preludeProblem?: 'missing' | 'malformed';
  /** Read it once. It throws a `LambdaFunctionError` where the process died or timed out; to leave it early is the client's leave. */
  readonly body: AsyncIterable<ResponsePiece>;
  /** Settles once the body was read to its end; rejects where the body throws. */
  readonly trailers: Promise<ResponseTrailers>;
}

export type InvocationResult = BufferedInvocation | StreamedInvocation;

/**
 * Runs a handler on one event and resolves as soon as the head of its answer is known.
 * Rejects with a `LambdaFunctionError` where the function failed before that.
 */
export type Invoke = (event: unknown, options?: InvokeOptions) => Promise<InvocationResult>;
