import type { WireResponse } from './dual-protocol-server.js';

/** What becomes of a response while it is written. */
export interface ResponseFate {
  /** Aborts when the client leaves before the response has ended. */
  readonly signal: AbortSignal;
  /** Resolves once nothing more can be sent. */
  readonly closed: Promise<void>;
  /** When that was, in milliseconds of `performance.now()`. */
  readonly closedAt: number | undefined;
  /** The server ends it itself, in whatever way: a close from now on is no departure of the client. */
  conclude(): void;
}

/** Watches a response from its first moment. */
export function followResponse(response: WireResponse): ResponseFate {
  const departure = new AbortController();
  let concluded = false;
  let closedAt: number | undefined;
  // Errors of a connection end in a close as well; unheard, they would end the process.
  response.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    response.once('close', () => {
      closedAt = performance.now();
      if (!concluded) departure.abort(new Error('The client left.'));
      resolve();
    });
  });
  return {
    signal: departure.signal,
    closed,
    get closedAt() {
      return closedAt;
    },
    conclude() {
      concluded = true;
    },
  };
}
