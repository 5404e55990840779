import type { DialectAnswer } from './dialect-setup.js';

/** The client of one request. */
export interface Client {
  /** Its own signal. */
  readonly signal?: AbortSignal;
  /** Sees a streamed answer after each piece of it. */
  readonly onProgress?: (soFar: DialectAnswer) => void;
}

/** An answer, and how it came. */
export interface Asked extends DialectAnswer {
  readonly requestId: string;
  /** The writes of a streamed answer. By HTTP, several may come as one. */
  readonly pieces: readonly Uint8Array[];
  /** Whether the client left, so that it may lack what was written for it. */
  readonly clientLeft: boolean;
  /** Milliseconds until the head of the answer. */
  readonly headMs: number;
}

/** The answer to a client that has received `body` of it. */
export function answerSoFar(
  { status, headers }: Pick<DialectAnswer, 'status' | 'headers'>,
  body: Uint8Array,
  isComplete: boolean,
): DialectAnswer {
  const byName = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { status, headers: Object.fromEntries(byName), body, text: new TextDecoder().decode(body), isComplete };
}
