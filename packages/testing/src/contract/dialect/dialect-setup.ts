import type { ErrorCode, ModelProxy } from '@bedrock-proxy/core';
import type { Dialect } from '@bedrock-proxy/core/dialects';

/** A request of a client, without credentials. */
export interface DialectRequest {
  /** `POST` by default. */
  readonly method?: string;
  readonly path: string;
  /** Without the `?`. */
  readonly query?: string;
  /** Values by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** An answer as a client receives it, or the part of one that has come so far. */
export interface DialectAnswer {
  readonly status: number;
  /** Values by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The body as UTF-8. */
  readonly text: string;
  /** Whether the body has ended. */
  readonly isComplete: boolean;
}

/** The result of an answer for a client of the dialect. */
export type DialectReading =
  /** The answer is whole. */
  | { readonly kind: 'done'; readonly text: string }
  /** The answer has ended in an error. `code` is the dialect's own word for it. */
  | { readonly kind: 'error'; readonly text: string; readonly code: string; readonly requestId?: string }
  /** The answer shows no end. */
  | { readonly kind: 'incomplete'; readonly text: string };

/** A question for a model, and the client that reads its answer. */
export interface DialectQuestion {
  readonly request: DialectRequest;
  /**
   * Reads the answer as strictly as a client can: errors of every status, and answers that were cut between two writes. Throws if the
   * answer is malformed, or if anything follows its end. `text` is the text of the model so far.
   */
  read(answer: DialectAnswer): DialectReading;
}

/** A request that the dialect itself refuses. */
export interface RefusedRequest {
  /** Completes the sentence "a request with …". */
  readonly name: string;
  readonly request: DialectRequest;
  readonly code: ErrorCode;
}

/** The questions of a dialect, at least one of them. Each asks the model once, and is answered in the words of Claude or of Converse. */
export interface DialectQuestions {
  /** Asks for an answer in one piece. */
  readonly whole?: DialectQuestion;
  /** Asks for a stream. */
  readonly stream?: DialectQuestion;
  /** The word of the dialect for an error, if it is not the code. */
  errorCode?(code: ErrorCode): string;
}

export function questionsOf({ whole, stream }: DialectQuestions): readonly DialectQuestion[] {
  return [whole, stream].filter((question) => question !== undefined);
}

/** A proxy that listens for HTTP/1.1. */
export interface ServedProxy {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Stops listening and closes all connections. */
  stop(): void | Promise<void>;
}

/** A dialect to test. */
export interface DialectSetup extends DialectQuestions {
  /** Makes the dialect. Called for every request of the suite. */
  dialect(): Dialect;
  /** Requests with mistakes, such as a body that cannot be read or a model that is not known. */
  readonly refused: readonly RefusedRequest[];
  /** Paths of other APIs. */
  readonly foreignPaths: readonly string[];
  /**
   * Serves a proxy on a server that streams, which the suite then asks by HTTP. Called for every request of the suite. By default,
   * requests are handed to the proxy in process.
   *
   * @param remainingMs milliseconds until the server gives the request up; undefined: never
   */
  serve?(proxy: ModelProxy, remainingMs: number | undefined): Promise<ServedProxy>;
}
