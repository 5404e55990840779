import type { Deployment } from './deployment.ts';

/** One request of the doctor. */
export interface Question {
  readonly method?: 'POST' | 'GET' | 'OPTIONS';
  /** A string is sent unchanged, an object as JSON. */
  readonly body?: string | Readonly<Record<string, unknown>>;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A piece of the response body, as the network delivered it. */
export interface Piece {
  readonly text: string;
  /** Milliseconds since the response headers arrived. */
  readonly atMs: number;
}

/** A response that was read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly pieces: readonly Piece[];
  readonly text: string;
  /** The error that ended the body early. Absent if the body was complete. */
  readonly cutBy?: string;
}

/**
 * Sends a request and reads the whole response. Rejects if no response headers arrive. Does not follow redirects,
 * because the token would be sent to another host.
 */
export async function ask({ url, timeoutMs }: Deployment, question: Question): Promise<Answer> {
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

/** Describes a network error in a few words, such as `ECONNREFUSED`. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'timeout';
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return code ?? (cause instanceof Error ? cause.message : error.message);
}
