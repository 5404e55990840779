import type { Dialect, PlainAnswer, RequestHead, Route } from '../dialects/dialect.js';
import { ProxyError } from '../errors/proxy-error.js';
import type { ModelProxy } from '../proxy/create-proxy.js';
import { type OpenedStream, openCall } from '../proxy/open-call.js';
import { openAccount } from '../telemetry/account.js';
import { createLogger, guardLogger } from '../telemetry/create-logger.js';
import type { Observers } from '../telemetry/observers.js';
import { type CorsOrigins, corsHeaders, preflightHeaders } from './cors.js';
import { type BufferedFront, deliverBuffered } from './deliver-buffered.js';
import { deliverStream } from './deliver-stream.js';
import type { BufferedAnswer, HttpAnswer, HttpBody } from './http-answer.js';
import type { HttpRequest, UnreadableRequest } from './http-request.js';
import { readBody } from './read-body.js';
import { readCredential } from './read-credential.js';

export interface HttpOptions {
  /** Which pages may read the answers; `*` by default. */
  readonly cors?: CorsOrigins;
}

export interface BufferedOptions extends HttpOptions {
  /** The front cannot stream: it sends every answer in one piece. */
  readonly buffered: BufferedFront;
}

/** nginx logs this status for a client that left before its answer. No answer has it. */
const clientClosedRequest = 499;

/**
 * Answers one request, on any front. A stream is answered piece by piece, or in one piece with `buffered`. Never rejects.
 *
 * The order of checks is the contract's: preflight, health, address, route, credentials, body, model, limits, Bedrock.
 */
export function serve(
  proxy: ModelProxy,
  request: HttpRequest | UnreadableRequest,
  options: BufferedOptions,
): Promise<BufferedAnswer>;
export function serve(
  proxy: ModelProxy,
  request: HttpRequest | UnreadableRequest,
  options?: HttpOptions,
): Promise<HttpAnswer>;
export async function serve(
  proxy: ModelProxy,
  request: HttpRequest | UnreadableRequest,
  { cors = '*', buffered }: HttpOptions & Partial<BufferedOptions> = {},
): Promise<HttpAnswer> {
  const arrivedAt = performance.now();
  const observers = observersOf(proxy);
  const account = openAccount(request, observers);
  const { requestId, signal } = request;
  const requestHeaders = 'headers' in request ? request.headers : {};
  let dialect: Pick<Dialect, 'refuse'> = proxy.fallback;

  function answer(status: number, headers: PlainAnswer['headers'], body: HttpBody, stream?: OpenedStream): HttpAnswer {
    return {
      status,
      headers: { ...headers, 'x-request-id': requestId, ...corsHeaders(cors, requestHeaders) },
      body,
      signal: stream?.watch.signal ?? signal,
      close(delivery) {
        stream?.watch.close();
        return account.ended({ ...delivery, status });
      },
    };
  }

  try {
    if ('error' in request) throw request.error;
    const { method, path, query = '', headers, sourceIp, remainingMs } = request;
    if (remainingMs !== undefined && remainingMs < shortMs) warnOfShortInvocation(observers, remainingMs);
    if (method === 'OPTIONS') return answer(204, preflightHeaders(cors), '');
    if (method === 'GET' && path === '/health') return answer(200, healthHeaders, '{"status":"ok"}');

    const head: RequestHead = { method, path, query, headers };
    const found = findRoute(proxy.dialects, head);
    if (found) {
      dialect = found.dialect;
      account.spoke(found.dialect.name);
    }
    if (proxy.access.admitsSource?.(sourceIp) === false) throw new ProxyError('ip_not_allowed');
    if (!found) throw new ProxyError('not_found');
    if (!found.route) throw found.error;

    const opened = await openCall(proxy, {
      head,
      route: found.route,
      front: buffered ? 'buffered' : 'streaming',
      token: readCredential(headers),
      sourceIp,
      readBody: () => readBody(request, proxy.limits.maxBodyBytes),
      signal,
      ...(remainingMs !== undefined && { deadlineAt: arrivedAt + remainingMs - proxy.limits.deadlineMarginMs }),
      account,
    });
    if (opened.kind === 'plain') {
      const { status, headers: own, body } = opened.answer;
      const whole = answer(status, own, body) as BufferedAnswer;
      if (buffered && !buffered.fits(whole)) throw new ProxyError('response_too_large');
      return whole;
    }
    if (!buffered) {
      return answer(200, opened.headers, deliverStream(opened, account, proxy.limits.heartbeatMs), opened);
    }
    try {
      const { body, failure } = await deliverBuffered(opened, account, buffered);
      if (!failure) return answer(200, opened.headers, body);
      const refusal = dialect.refuse(failure, requestId);
      const { 'retry-after': retryAfter } = refusal.headers;
      const status = appendsUnderErrorStatus(opened) ? refusal.status : 200;
      return answer(status, { ...opened.headers, ...(retryAfter && { 'retry-after': retryAfter }) }, body);
    } finally {
      opened.watch.close();
    }
  } catch (error) {
    const failure = account.failed(error);
    if (failure === undefined) return answer(clientClosedRequest, {}, '\n');
    const refusal = dialect.refuse(failure, requestId);
    return answer(refusal.status, refusal.headers, refusal.body);
  }
}

const healthHeaders = { 'content-type': 'application/json', 'cache-control': 'no-store' };

function appendsUnderErrorStatus({ encoder: { onBufferedFailure } }: OpenedStream): boolean {
  return onBufferedFailure !== 'refuse' && onBufferedFailure.append === 'error-status';
}

/** A path that belongs to a dialect: its route, or the error for a path that the dialect does not serve. */
type FoundRoute = { readonly dialect: Dialect } & (
  | { readonly route: Route }
  | { readonly route?: undefined; readonly error: unknown }
);

function findRoute(dialects: readonly Dialect[], head: RequestHead): FoundRoute | undefined {
  for (const dialect of dialects) {
    try {
      const route = dialect.route(head);
      if (route) return { dialect, route };
    } catch (error) {
      return { dialect, error };
    }
  }
  return undefined;
}

const observersByProxy = new WeakMap<ModelProxy, Observers>();

/** Made once for each proxy: the logger that is used by default is created at the first request. */
function observersOf(proxy: ModelProxy): Observers {
  const known = observersByProxy.get(proxy);
  if (known) return known;
  const { logger = createLogger(), onRequestEnd, observerTimeoutMs } = proxy;
  const observers = { logger: guardLogger(logger), observerTimeoutMs, ...(onRequestEnd && { onRequestEnd }) };
  observersByProxy.set(proxy, observers);
  return observers;
}

/** Lambda's own default timeout of 3 s is too short for most answers of a model. */
const shortMs = 15_000;
const warned = new WeakSet<Observers>();

/** Warns, once for each proxy, of an invocation that starts with too little time for an answer. */
function warnOfShortInvocation(observers: Observers, remainingMs: number): void {
  if (warned.has(observers)) return;
  warned.add(observers);
  observers.logger.warn(
    { event: 'invocation.short', remainingMs },
    'Little time for an answer: raise the timeout of this function, or of the gateway in front of it, to 15 s or more.',
  );
}
