import type { Piece } from '../dialects/dialect.js';
import type { AnswerEnding } from '../telemetry/account.js';

/** How the writing of an answer went. */
export type Delivery = Omit<AnswerEnding, 'status'>;

/** A complete body, or pieces that are pulled as they are written. */
export type HttpBody = string | Uint8Array | AsyncGenerator<Piece, void, undefined>;

/** The answer that an adapter writes. The adapter then calls `close`, whatever happened. */
export interface HttpAnswer<Body extends HttpBody = HttpBody> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  /** Aborts when there is no need to wait for a write any more: go on with the next piece then. */
  readonly signal: AbortSignal;
  /** Ends the request: gives the model call up if it is still open, writes the log line, tells the observers. Never rejects. */
  close(delivery: Delivery): Promise<void>;
}

/** An answer that is complete. */
export type BufferedAnswer = HttpAnswer<string | Uint8Array>;
