import type { WireResponse } from './dual-protocol-server.js';

/** The end of a response that is being written. */
export interface ResponseFate {
  /** Aborts when the client disconnects before the response has ended. */
  readonly signal: AbortSignal;
  /** Resolves when the response has ended or the client has disconnected. */
  readonly closed: Promise<void>;
  /** When `closed` resolved, in milliseconds of `performance.now()`. */
  readonly closedAt: number | undefined;
  /** Call this before the server ends the response in any way. A later close then does not count as a disconnect of the client. */
  conclude(): void;
}

/** Watches a response from its beginning. */
export function followResponse(response: WireResponse): ResponseFate {
  const departure = new AbortController();
  let concluded = false;
  let closedAt: number | undefined;
  // A connection error also causes a close. Without a listener, the error would end the process.
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
