import type { Dialect, PlainAnswer, RequestHead, Route } from '../dialects/dialect.js';
import { rateHeaders } from '../dialects/rate-headers.js';
import { ProxyError } from '../errors/proxy-error.js';
import type { Logger } from '../ports/logger.js';
import type { ModelProxy } from '../proxy/create-proxy.js';
import { type OpenedStream, openCall } from '../proxy/open-call.js';
import { openAccount } from '../telemetry/account.js';
import { createLogger, guardLogger } from '../telemetry/create-logger.js';
import { loadTracing, type Observers, reportObserver, type Tracing } from '../telemetry/observers.js';
import { type BufferedFront, deliverBuffered } from './deliver-buffered.js';
import { deliverStream } from './deliver-stream.js';
import {
  type AnswerContext,
  type BufferedAnswer,
  type CorsOrigins,
  type HttpAnswer,
  httpAnswer,
  preflightHeaders,
} from './http-answer.js';
import type { HttpRequest, UnreadableRequest } from './http-request.js';
import { bodyReader, readCredential } from './http-request.js';

export interface HttpOptions {
  /** Which pages may read the answers; `*` by default. */
  readonly cors?: CorsOrigins;
}

export interface BufferedOptions extends HttpOptions {
  /** The front cannot stream: it sends every answer in one piece. */
  readonly buffered: BufferedFront;
}

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
  const observers = observersByProxy.get(proxy) ?? (await observersOf(proxy, request));
  const account = openAccount(request, observers);
  let dialect: Pick<Dialect, 'refuse' | 'rateForm'> = proxy.fallback;
  const context: AnswerContext = {
    request,
    account,
    cors,
    rateHeaders: (rates) => rateHeaders(rates, dialect.rateForm),
  };
  try {
    if ('error' in request) throw request.error;
    const { method, path, query = '', headers, sourceIp, signal, remainingMs } = request;
    if (remainingMs !== undefined && remainingMs < shortMs) warnOfShortInvocation(observers, remainingMs);
    if (method === 'OPTIONS') {
      return httpAnswer(context, { status: 204, headers: preflightHeaders(cors, headers), body: '' });
    }
    if (method === 'GET' && path === '/health') return httpAnswer(context, health);

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
      readBody: request.readBody
        ? request.readBody.bind(request, proxy.limits.maxBodyBytes)
        : bodyReader(request, proxy.limits.maxBodyBytes),
      signal,
      ...(remainingMs !== undefined && { deadlineAt: arrivedAt + remainingMs - proxy.limits.deadlineMarginMs }),
      account,
    });
    if (opened.kind === 'plain') {
      const whole = httpAnswer(context, opened.answer);
      if (buffered && !buffered.fits(whole)) throw new ProxyError('response_too_large');
      return whole;
    }
    if (!buffered) {
      const body = deliverStream(opened, account, proxy.limits.heartbeatMs);
      return httpAnswer(context, { status: 200, headers: opened.headers, body }, opened);
    }
    const { body, failure } = await deliverBuffered(opened, account, buffered);
    if (!failure) return httpAnswer(context, { status: 200, headers: opened.headers, body });
    const refusal = await dialect.refuse(failure, request.requestId);
    const { 'retry-after': retryAfter } = refusal.headers;
    return httpAnswer(context, {
      status: appendsUnderErrorStatus(opened) ? refusal.status : 200,
      headers: { ...opened.headers, ...(retryAfter && { 'retry-after': retryAfter }) },
      body,
    });
  } catch (error) {
    const failure = account.failed(error);
    if (!failure) return httpAnswer(context, clientClosed);
    try {
      return httpAnswer(context, await dialect.refuse(failure, request.requestId));
    } catch (bug) {
      // A dialect of someone else's may throw here too.
      return httpAnswer(context, await proxy.fallback.refuse(account.failed(bug) ?? failure, request.requestId));
    }
  }
}

const health: PlainAnswer = {
  status: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: '{"status":"ok"}',
};

/** nginx logs this status for a client that left before its answer. No client receives it. */
const clientClosed: PlainAnswer = { status: 499, headers: {}, body: '\n' };

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
    if (dialect.paths?.test(head.path) === false) continue;
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

/** Made once for each proxy: the logger that is used by default is created at the first request, and a tracer is loaded. */
async function observersOf(proxy: ModelProxy, { requestId }: Pick<HttpRequest, 'requestId'>): Promise<Observers> {
  const { logger: given = createLogger(), onRequestEnd, observerTimeoutMs, settleTimeoutMs } = proxy;
  const logger = guardLogger(given);
  const tracing = await tracingOf(proxy, logger, requestId);
  // Another first request may have waited for the same.
  const known = observersByProxy.get(proxy);
  if (known) return known;
  const observers = {
    ...{ logger, observerTimeoutMs },
    ...(settleTimeoutMs !== undefined && { settleTimeoutMs }),
    ...(onRequestEnd && { onRequestEnd }),
    ...(tracing && { tracing }),
  };
  observersByProxy.set(proxy, observers);
  return observers;
}

async function tracingOf({ tracer }: ModelProxy, logger: Logger, requestId: string): Promise<Tracing | undefined> {
  try {
    const made = typeof tracer === 'function' ? await tracer() : tracer;
    return made && (await loadTracing(made));
  } catch (error) {
    await reportObserver(logger, { requestId, observer: 'tracer', error });
    return undefined;
  }
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
