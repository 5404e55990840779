import type { HttpHeaders } from '../dialects/dialect.js';

/** One HTTP request as an adapter reads it from its event. */
export interface HttpRequest {
  /** The name of the front for the log, such as `function-url`. */
  readonly front: string;
  readonly requestId: string;
  readonly method: string;
  /** Without stage and base path. */
  readonly path: string;
  /** As sent, without the `?`. */
  readonly query?: string;
  readonly headers: HttpHeaders;
  /** The address that the front itself saw; never one that a header names. */
  readonly sourceIp?: string;
  readonly body?: string | Uint8Array;
  readonly isBase64Encoded?: boolean;
  /** Aborts when the client is seen to leave. */
  readonly signal: AbortSignal;
  /** Milliseconds until the invocation, or the gateway in front of it, gives up; absent: never. */
  readonly remainingMs?: number;
}

/** An invocation that the adapter cannot read as a request. It is answered with `error`, and logged. */
export interface UnreadableRequest extends Pick<HttpRequest, 'front' | 'requestId' | 'signal'> {
  readonly error: unknown;
}
