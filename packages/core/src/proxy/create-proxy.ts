import type { AccessPolicy, Admission } from '../access/access-policy.js';
import type { Dialect } from '../dialects/dialect.js';
import { isProxyError, ProxyError, type RequestIssue } from '../errors/proxy-error.js';
import { readAnswerReport } from '../models/read-answer-report.js';
import type { Logger } from '../ports/logger.js';
import type { ModelAnswer, ModelInvoker } from '../ports/model-invoker.js';
import type { ModelRequest } from '../request/model-request.js';
import { type CallWatch, ReaderGone, watchCall } from '../stream/call-watch.js';
import { invokeWatched } from '../stream/invoke-model.js';
import { type OpenStream, openStream } from '../stream/open-stream.js';
import type { RequestAccount, RequestRecord } from '../telemetry/account.js';
import { defaultLimits, type ProxyLimits } from './proxy-limits.js';

export interface ProxyOptions {
  readonly invoker: ModelInvoker;
  /** Who may call what. There is no default: `allowAnonymous()` is the open one. */
  readonly access: AccessPolicy;
  readonly limits?: Partial<ProxyLimits>;
  /** A pino logger or one like it; by default JSON lines on standard output. */
  readonly logger?: Logger;
  /** Sees the record of every request, and is awaited before the handler returns. What it throws is logged, never seen by the client. */
  readonly onRequestEnd?: (record: RequestRecord) => void | Promise<void>;
  /** How long observers may hold an answer back on a front that cannot stream, in milliseconds. 250 by default. */
  readonly observerTimeoutMs?: number;
}

/** One request as a front hands it in. `readBody` runs only for callers that are admitted, and may throw a `ProxyError`. */
export interface ProxyRequest {
  readonly requestId: string;
  readonly token?: string;
  readonly sourceIp?: string;
  readonly dialect: Dialect;
  readBody(): Uint8Array;
  /** What the front found wrong beside the body; told together with what is wrong in it. */
  readonly issues?: readonly RequestIssue[];
  /** Gives the request up when its client is seen to leave, whatever reason it gives. */
  readonly signal: AbortSignal;
  /** Milliseconds until the answer has to be over; absent: no limit. */
  readonly remainingMs?: number;
  readonly account: RequestAccount;
}

/** An admitted call. The `watch` of a stream is the front's to close once the answer is written. */
export type ProxyAnswer =
  | { readonly kind: 'whole'; readonly answer: ModelAnswer }
  | { readonly kind: 'stream'; readonly stream: OpenStream; readonly watch: CallWatch };

/** The proxy as the adapters take it; made by `createProxy`. */
export interface ModelProxy {
  readonly limits: ProxyLimits;
  readonly logger?: Logger;
  readonly onRequestEnd?: (record: RequestRecord) => void | Promise<void>;
  readonly observerTimeoutMs: number;
  /** Refuses callers by their address alone, before anything else is looked at; absent: the policy has no such half. */
  readonly admitsSource?: (sourceIp: string | undefined) => boolean;
  /** Authenticates, reads, checks, calls. Rejects with a `ProxyError` for everything that is refused on the way. */
  open(request: ProxyRequest): Promise<ProxyAnswer>;
}

const clientLeft = () => new ReaderGone('client_closed');

/** Puts a model host behind a policy. Hand the result to an adapter's handler. Throws a `TypeError` where `access` is no function. */
export function createProxy(options: ProxyOptions): ModelProxy {
  const { invoker, access, logger, onRequestEnd, observerTimeoutMs = 250, limits: given } = options;
  // For callers without types: a proxy that forgot its policy must not come to life.
  if (typeof access !== 'function') {
    throw new TypeError('createProxy needs access, a policy that says who may call; allowAnonymous() is the open one.');
  }
  const limits = { ...defaultLimits, ...given };

  async function admit({ requestId, token, sourceIp, account }: ProxyRequest): Promise<Admission> {
    const decision = await access({
      requestId,
      ...(token !== undefined && { token }),
      ...(sourceIp !== undefined && { sourceIp }),
    });
    account.settle = decision.settle;
    // Compared with true, and below: what a policy without types returns by mistake lets nobody in.
    if (decision.allow !== true) throw new ProxyError(decision.code, decision);
    account.record.principal = decision.principal;
    return decision;
  }

  function read({ dialect, readBody, issues, account }: ProxyRequest): ModelRequest {
    const request = dialect.parse(readBody(), issues);
    account.record.modelId = request.modelId;
    account.record.stream = request.stream;
    return request;
  }

  return {
    limits,
    observerTimeoutMs,
    ...(logger && { logger }),
    ...(onRequestEnd && { onRequestEnd }),
    ...(access.admitsSource && { admitsSource: access.admitsSource }),
    async open(request) {
      const admission = await admit(request);
      const { modelId, stream, payload } = read(request);
      const { permitsModel = () => true } = admission;
      if (permitsModel(modelId) !== true) throw new ProxyError('model_not_allowed');
      if (stream && admission.permitsStream === false) throw new ProxyError('stream_not_allowed');

      const deadline = request.remainingMs === undefined ? {} : { deadlineMs: request.remainingMs };
      const watch = watchCall({ ...limits, ...deadline }, request.signal, clientLeft);
      const call = { modelId, body: payload };
      if (stream) {
        const opened = openStream(invoker, call, watch);
        request.account.call = opened;
        return { kind: 'stream', stream: opened, watch };
      }
      // How many there were is known from the answer alone; where none comes, one was sent at the least.
      request.account.call = { meta: { attempts: 1 }, usage: {} };
      try {
        const answer = await invokeWatched(invoker, call, watch);
        request.account.call = { meta: answer.meta, ...readAnswerReport(answer) };
        return { kind: 'whole', answer };
      } catch (error) {
        if (isProxyError(error) && error.meta) request.account.call = { meta: error.meta, usage: {} };
        throw error;
      } finally {
        watch.close();
      }
    },
  };
}
