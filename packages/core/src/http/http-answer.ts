import type { HttpHeaders, Piece, PlainAnswer } from '../dialects/dialect.js';
import type { Rate } from '../errors/proxy-error.js';
import type { OpenedStream } from '../proxy/open-call.js';
import type { Account, AnswerEnding } from '../telemetry/account.js';
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

/** Which browsers' pages may read the answers: all, those of exact origins, or none of it because another layer owns CORS. */
export type CorsOrigins = '*' | 'off' | readonly string[];

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

const exposed = [
  ...['x-request-id', 'retry-after', 'www-authenticate', 'x-amzn-remapped-www-authenticate'],
  ...['request-id', 'x-should-retry', 'x-proxy-dropped', 'x-proxy-estimate', 'x-served-model'],
].join(', ');

/** Headers that only some answers have: those of Bedrock's own API, and of limits. */
const ofSome = /^(?:x-amzn-|x-ratelimit-|anthropic-ratelimit-)/;

/** The CORS headers of an answer with headers of these names. Credentials are never allowed. */
export function corsHeaders(
  origins: CorsOrigins,
  headers: HttpHeaders,
  answerHeaders: readonly string[] = [],
): Record<string, string> {
  if (origins === 'off') return {};
  const more = answerHeaders.filter((name) => ofSome.test(name));
  const common = { 'access-control-expose-headers': [exposed, ...more].join(', ') };
  if (origins === '*') return { 'access-control-allow-origin': '*', ...common };
  const origin = headers['origin']?.[0];
  const isListed = origin !== undefined && origins.includes(origin);
  return { ...(isListed && { 'access-control-allow-origin': origin }), ...common, vary: 'Origin' };
}

/** The headers of the answer to a preflight, in addition to those of any answer. */
export function preflightHeaders(origins: CorsOrigins, headers: HttpHeaders): Record<string, string> {
  if (origins === 'off') return {};
  return {
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': allowedHeaders(headers['access-control-request-headers']?.join(',') ?? ''),
    'access-control-max-age': '86400',
    vary: 'Access-Control-Request-Headers',
  };
}

const headerName = /^[\w!#$%&'*+.^`|~-]+$/;
const mostNames = 64;
/** The head of an answer has a limited size. */
const mostCharacters = 8_192;

/** The names that a page asks for, because SDKs and tracing libraries send headers of their own. The proxy ignores those. */
function allowedHeaders(requested: string): string {
  const fallback = 'authorization, content-type, x-api-key';
  if (requested.length > mostCharacters) return fallback;
  const names = requested
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const isUsable = names.length > 0 && names.length <= mostNames && names.every((name) => headerName.test(name));
  return isUsable ? names.join(', ') : fallback;
}

/** What the pieces of an answer are written to: the response stream of Lambda, or a response of `node:http`. */
export interface PieceSink {
  /** Whether a `drain` will come. An HTTP/2 response tells it since Node 24. */
  readonly writableNeedDrain?: boolean | undefined;
  /** Returns false if no more should be written before a `drain`. */
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
        // A sink that is destroyed takes no more, and never drains.
        if (!write(piece) && out.writableNeedDrain !== false) await drained(out, signal, client);
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
    if (signals.some(({ aborted }) => aborted)) done();
  });
}
