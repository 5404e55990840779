import type { Patient } from './patient.ts';

/** One request of the examination. */
export interface Question {
  readonly method?: 'POST' | 'OPTIONS';
  /** Sent as it is where it is a string. */
  readonly body?: string | Readonly<Record<string, unknown>>;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A piece of an answer's body, as it came from the network. */
export interface Piece {
  readonly text: string;
  /** Milliseconds since the head. */
  readonly atMs: number;
}

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly pieces: readonly Piece[];
  readonly text: string;
  /** Why the body ended before its end, where it did. */
  readonly cutBy?: string;
}

/** Puts a question and reads the answer to its end. Rejects where no head comes. Follows no redirect, which would take the token along. */
export async function ask({ url, timeoutMs }: Patient, question: Question): Promise<Answer> {
  const { method = 'POST', body, token, headers = {} } = question;
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const pieces: Piece[] = [];
  const cutBy = await readPieces(response, pieces);
  const text = pieces.map((piece) => piece.text).join('');
  return { status: response.status, headers: response.headers, pieces, text, ...(cutBy !== undefined && { cutBy }) };
}

async function readPieces(response: Response, pieces: Piece[]): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const startedAt = performance.now();
  try {
    for await (const bytes of response.body ?? []) {
      pieces.push({ text: decoder.decode(bytes, { stream: true }), atMs: performance.now() - startedAt });
    }
    return undefined;
  } catch (error) {
    return describeFailure(error);
  }
}

/** Why nothing came, in the words of the network. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return code ?? (cause instanceof Error ? cause.message : error.message);
}
