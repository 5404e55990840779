/** How the writing of an answer went. */
export interface Delivery {
  /** Bytes of body that were written. */
  readonly bytesOut: number;
  /** Whether the client was seen to leave before the end. */
  readonly clientLeft?: boolean;
  /** Whether the client has the answer only after `close`, as on a buffered front: observers then get `observerTimeoutMs` at most. */
  readonly clientWaits?: boolean;
}

/** A body that is there in full, or pieces that are pulled as they are written. */
export type HttpBody = string | Uint8Array | AsyncGenerator<string, void, undefined>;

/** What an adapter writes. It then calls `close`, whatever happened. */
export interface HttpAnswer<Body extends HttpBody = HttpBody> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  /** Aborts when a write need not be waited for any more: go on with the next piece then. */
  readonly signal: AbortSignal;
  /** Ends the request: gives the model call up if it is still open, writes the log line, tells the observer. Never rejects. */
  close(delivery: Delivery): Promise<void>;
}
