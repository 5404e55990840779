import type { Dialect } from '../dialects/dialect.js';
import { errorBody } from '../dialects/native/error-body.js';
import { nativeDialect } from '../dialects/native/native-dialect.js';
import { ProxyError, type RequestIssue } from '../errors/proxy-error.js';
import type { Logger } from '../ports/logger.js';
import type { ModelAnswer } from '../ports/model-invoker.js';
import type { ModelProxy, ProxyAnswer } from '../proxy/create-proxy.js';
import { noteFailure, openAccount, type RequestAccount } from '../telemetry/account.js';
import { closeAccount } from '../telemetry/close-account.js';
import { createLogger } from '../telemetry/create-logger.js';
import { guardLogger } from '../telemetry/guard-logger.js';
import { type CorsOrigins, corsHeaders, preflightHeaders } from './cors.js';
import { errorHeaders } from './error-headers.js';
import type { HttpAnswer, HttpBody } from './http-answer.js';
import type { HttpRequest } from './http-request.js';
import { readBody } from './read-body.js';
import { readCredential } from './read-credential.js';
import { statusOf } from './status-of.js';
import { warnOfShortInvocation } from './warn-of-short-invocation.js';

export interface HttpOptions {
  /** Which pages may read the answers; `*` by default. */
  readonly cors?: CorsOrigins;
}

type Headers = Readonly<Record<string, string>>;

const dialects: readonly Dialect[] = [nativeDialect];
/** What nginx logs for a client that left before its answer: no answer has this status. */
const clientClosedRequest = 499;

/** One request on its way to one answer: what every front does alike. */
export interface Exchange {
  readonly account: RequestAccount;
  readonly proxy: ModelProxy;
  /** Answers what needs no model; undefined where the request is for one. Throws what is refused before credentials are looked at. */
  shortcut(): HttpAnswer<string> | undefined;
  /** The dialect that the request speaks. Throws `not_found`. */
  dialect(): Dialect;
  /** Has the proxy call the model. */
  open(): Promise<ProxyAnswer>;
  /** An answer of this status, with the headers that every answer has. */
  answer<Body extends HttpBody>(status: number, headers: Headers, body: Body, call?: OpenCall): HttpAnswer<Body>;
  /** The plain answer for whatever went wrong. */
  refuse(error: unknown): HttpAnswer<string>;
}

/** What an answer keeps open until it is written. */
export interface OpenCall {
  readonly signal: AbortSignal;
  close(): void;
}

export function openExchange(proxy: ModelProxy, request: HttpRequest, { cors = '*' }: HttpOptions): Exchange {
  const logger = guardLogger(proxy.logger ?? standardLogger());
  warnOfShortInvocation(proxy, logger, request.remainingMs);
  const account = openAccount(request);
  const everyAnswer = { 'x-request-id': request.requestId, ...corsHeaders(cors, request.headers) };

  function answer<Body extends HttpBody>(
    status: number,
    headers: Headers,
    body: Body,
    call?: OpenCall,
  ): HttpAnswer<Body> {
    account.record.status = status;
    let isOpen = true;
    return {
      status,
      headers: { ...headers, ...everyAnswer },
      body,
      signal: call?.signal ?? request.signal,
      async close({ bytesOut, clientLeft = false, clientWaits = false }) {
        if (!isOpen) return;
        isOpen = false;
        call?.close();
        account.record.bytesOut = bytesOut;
        if (clientLeft && account.record.terminal === 'none') account.record.code ??= 'client_closed';
        await closeAccount(account, proxy, logger, clientWaits);
      },
    };
  }

  function dialect(): Dialect {
    const spoken = dialects.find((candidate) => candidate.matches(request.path));
    if (spoken === undefined) throw new ProxyError('not_found');
    return spoken;
  }

  return {
    account,
    proxy,
    answer,
    dialect,
    shortcut() {
      if (request.method === 'OPTIONS') return answer(204, preflightHeaders(cors), '');
      if (request.method === 'GET' && request.path === '/health') {
        return answer(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }, '{"status":"ok"}');
      }
      if (proxy.admitsSource?.(request.sourceIp) === false) throw new ProxyError('ip_not_allowed');
      dialect();
      if (request.method !== 'POST') throw new ProxyError('method_not_allowed');
      return undefined;
    },
    open() {
      const token = readCredential(request.headers);
      return proxy.open({
        requestId: request.requestId,
        ...(token !== undefined && { token }),
        ...(request.sourceIp !== undefined && { sourceIp: request.sourceIp }),
        dialect: dialect(),
        issues: unsupportedHeaders(request),
        readBody: () => readBody(request, proxy.limits.maxBodyBytes),
        signal: request.signal,
        ...(request.remainingMs !== undefined && { remainingMs: request.remainingMs - proxy.limits.deadlineMarginMs }),
        account,
      });
    },
    refuse(error) {
      const refusal = noteFailure(account, error);
      if (refusal === undefined) return answer(clientClosedRequest, {}, '\n');
      if (account.record.stream) account.record.terminal = 'error';
      return answer(statusOf(refusal.code), errorHeaders(refusal), errorBody(refusal, request.requestId));
    },
  };
}

/** A model's whole answer, untouched. */
export function answerWhole(exchange: Exchange, { body, contentType }: ModelAnswer): HttpAnswer<Uint8Array> {
  return exchange.answer(200, { 'content-type': contentType }, body);
}

let standard: Logger | undefined;

function standardLogger(): Logger {
  standard ??= createLogger();
  return standard;
}

// These are Bedrock's own settings, such as its guardrails: one that were passed over in silence would be worse than none.
function unsupportedHeaders({ headers }: HttpRequest): readonly RequestIssue[] {
  return Object.keys(headers)
    .filter((name) => name.startsWith('x-amzn-bedrock-'))
    .map((path) => ({ path, message: 'Leave this header out: this proxy does not pass it on.' }));
}
