import type { Piece, PlainAnswer } from '../dialects/dialect.js';
import type { Rate } from '../errors/proxy-error.js';
import type { OpenedStream } from '../proxy/open-call.js';
import type { Account, AnswerEnding } from '../telemetry/account.js';
import { type CorsOrigins, corsHeaders } from './cors-headers.js';
import type { HttpRequest, UnreadableRequest } from './http-request.js';

/** How the writing of an answer went. */
export type Delivery = Omit<AnswerEnding, 'status'>;

/** A complete body, or pieces that are pulled as they are written. */
export type HttpBody = string | Uint8Array | AsyncIterable<Piece>;

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

/** The request that is answered. */
export interface AnswerContext {
  readonly request: HttpRequest | UnreadableRequest;
  readonly account: Account;
  readonly cors: CorsOrigins;
  /** The headers for what is left of the caller's limits per minute. */
  rateHeaders(rates: readonly Rate[]): Readonly<Record<string, string>>;
}

/** An answer with the headers that every answer has. Its `close` ends the account, and closes the watch of `stream`. */
export function httpAnswer<Body extends HttpBody>(
  { request, account, cors, rateHeaders }: AnswerContext,
  { status, headers: ownHeaders, body }: Omit<PlainAnswer, 'body'> & { readonly body: Body },
  stream?: OpenedStream,
): HttpAnswer<Body> {
  const headers = account.rates ? { ...ownHeaders, ...rateHeaders(account.rates) } : ownHeaders;
  const { requestId, signal } = request;
  const ofCors = corsHeaders(cors, 'headers' in request ? request.headers : {}, Object.keys(headers));
  const vary = [ofCors['vary'], headers['vary']].filter((names) => names !== undefined).join(', ');
  return {
    status,
    headers: { ...headers, 'x-request-id': requestId, ...ofCors, ...(vary !== '' && { vary }) },
    body,
    signal: stream?.watch.signal ?? signal,
    close(delivery) {
      stream?.watch.close();
      return account.ended({ ...delivery, status });
    },
  };
}

/** What the pieces of an answer are written to: the response stream of Lambda, or a response of `node:http`. */
export interface PieceSink {
  readonly writableNeedDrain: boolean;
  write(piece: Piece): boolean;
  on(event: 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
}

/**
 * Writes the body of an answer, and pauses while `out` needs a drain. `client` aborts when the client is seen to leave. Does not end
 * `out`, and never rejects. It does not use `pipeline`, which destroys `out` if the source fails: the runtime client of Lambda would then
 * end the process.
 */
export async function writePieces(
  { body, signal }: Pick<HttpAnswer, 'body' | 'signal'>,
  out: PieceSink,
  client: AbortSignal,
): Promise<Delivery> {
  let bytesOut = 0;
  let isWritable = true;
  const write = (piece: Piece): boolean => {
    const takesMore = out.write(piece);
    bytesOut += Buffer.byteLength(piece);
    return takesMore;
  };
  try {
    if (isWhole(body)) write(body);
    else {
      for await (const piece of body) {
        if (client.aborted) break;
        if (!write(piece)) await drained(out, signal, client);
      }
    }
  } catch {
    // A sink that throws accepts no more data, because the client disconnected.
    isWritable = false;
  }
  return { bytesOut, clientLeft: client.aborted || !isWritable };
}

export function isWhole(body: HttpAnswer['body']): body is string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array;
}

/** Resolves if `out` drains or if a signal aborts. */
function drained(out: PieceSink, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      out.off('drain', done);
      for (const signal of signals) signal.removeEventListener('abort', done);
      resolve();
    };
    out.on('drain', done);
    for (const signal of signals) signal.addEventListener('abort', done);
    if (!out.writableNeedDrain || signals.some(({ aborted }) => aborted)) done();
  });
}
