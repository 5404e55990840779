/** Options of one invocation. */
export interface InvokeOptions {
  /**
   * The function timeout in milliseconds, from the start of the handler. After it, the invocation fails with
   * `Sandbox.Timedout`.
   */
  readonly deadlineMs?: number;
  /** By default a random UUID. */
  readonly requestId?: string;
  /**
   * Aborted when the client disconnects. A sandbox then stops reading and the function keeps running, because Lambda
   * does not inform the function. The in-process runtime destroys the response stream of the handler, which emits
   * `close`.
   */
  readonly signal?: AbortSignal;
}

/** A piece of a streamed answer. */
export interface ResponsePiece {
  readonly bytes: Uint8Array;
  /** The time of arrival in milliseconds, on the clock of `performance.now()`. */
  readonly atMs: number;
}

/** Status, headers and cookies that `HttpResponseStream.from` sends before the body. */
export interface ResponsePrelude {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly cookies?: readonly string[];
}

/** A failure as a runtime reports it. `trace` has the lines of the stack. */
export interface ReportedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** The trailers of a streamed answer. `error` is present if the handler threw. */
export interface ResponseTrailers {
  readonly error?: ReportedError;
}

/** The answer of a handler that returns its result. */
export interface BufferedInvocation {
  readonly mode: 'buffered';
  readonly requestId: string;
  /** The result as parsed JSON. `null` if the handler returned nothing. */
  readonly payload: unknown;
}

/** The answer of a handler that writes to a response stream. */
export interface StreamedInvocation {
  readonly mode: 'streamed';
  readonly requestId: string;
  /** The content type that the runtime sent to Lambda. A special type announces a prelude. */
  readonly contentType: string;
  /** Absent if the runtime announced no prelude, or the prelude is invalid. */
  readonly prelude?: ResponsePrelude;
  /** Why the announced prelude could not be read. In this case, `body` contains all bytes. */
  readonly preludeProblem?: 'missing' | 'malformed';
  /**
   * Can be read once. Throws a `LambdaFunctionError` if the process ended or timed out. To stop reading early has the
   * same effect as a client that disconnects.
   */
  readonly body: AsyncIterable<ResponsePiece>;
  /** Settles after the body was read to its end. Rejects if the body throws. */
  readonly trailers: Promise<ResponseTrailers>;
}

export type InvocationResult = BufferedInvocation | StreamedInvocation;

/**
 * Runs a handler with one event. Resolves when the head of the answer is known.
 * Rejects with a `LambdaFunctionError` if the function fails before that.
 */
export type Invoke = (event: unknown, options?: InvokeOptions) => Promise<InvocationResult>;
