import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ProxyError } from '../errors/proxy-error.js';
import type { HttpRequest } from '../http/http-request.js';
import { type HttpOptions, serve } from '../http/serve.js';
import type { ModelProxy } from '../proxy/create-proxy.js';
import { readBody } from './read-body.js';
import { readHeaders, readTarget } from './read-request.js';
import { takeTurns } from './take-turns.js';
import { writeAnswer } from './write-answer.js';

export interface RequestListenerOptions extends HttpOptions {
  /** The name of the front for the log. `node-http` by default. */
  readonly front?: string;
  /** The id of a request, for its answer and the log. By default a random UUID. */
  readonly requestId?: (request: IncomingMessage) => string;
  /** The address of the client. By default the other end of the connection. */
  readonly sourceIp?: (request: IncomingMessage) => string | undefined;
  /**
   * The header of X-Ray, such as `Root=1-…`, for the `traceId` in the log. By default none, because a client can send that header too: give
   * it only if something in front of the server replaces it.
   */
  readonly traceId?: (request: IncomingMessage) => string | undefined;
  /** Milliseconds until the request is cut off from outside. By default no limit. */
  readonly remainingMs?: (request: IncomingMessage) => number | undefined;
}

/** What is known of a request when its answer begins. */
interface Underway {
  /** Gives the call up. */
  readonly call: AbortController;
  /** Aborts when the client is seen to leave. */
  readonly client: AbortSignal;
  readonly expectsContinue: boolean;
}

/** A listener for the event `request` of a server. */
export interface ProxyListener extends RequestListener {
  /** For the event `checkContinue`: a client that waits for `100 Continue` gets it only if it is admitted. */
  readonly checkContinue: RequestListener;
  /**
   * Ends the work of a server that stops. From now on, requests are refused. Answers that are still open after `graceMs` end in
   * `deadline_exceeded`. Resolves when all answers are over, or when their clients had half a second to take the end.
   */
  drain(graceMs: number): Promise<void>;
}

/**
 * Creates a listener that serves a proxy with a server of `node:http`: `createServer(listener)`. The body of a request is read after its
 * caller is admitted. The model call is aborted when the client disconnects.
 */
export function createRequestListener(
  proxy: ModelProxy,
  {
    front = 'node-http',
    requestId = newId,
    sourceIp = peerAddress,
    traceId,
    remainingMs,
    ...options
  }: RequestListenerOptions = {},
): ProxyListener {
  /** The requests without a whole answer, and how to give each up. */
  const open = new Map<AbortController, Promise<unknown>>();
  let isStopping = false;
  const inTurn = takeTurns(mostPerTurn);

  function listenTo(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    // Without a listener, a write to a client that has just left would end the process.
    request.on('error', ignore);
    response.on('error', ignore);
    const destroy = () => void response.destroy();
    const join = () => {
      const call = new AbortController();
      const client = new AbortController();
      if (isStopping) call.abort(stopping());
      const closed = new Promise<void>((resolve) => {
        response.once('close', () => {
          resolve();
          // A response of HTTP/2 that was cut is finished too, but has not ended.
          if (response.writableEnded && response.writableFinished) return;
          client.abort();
          call.abort();
        });
      });
      const answered = new Promise<void>((resolve) => {
        inTurn(() => {
          // The client left while the request waited.
          if (client.signal.aborted) resolve();
          else resolve(answer(request, response, { call, client: client.signal, expectsContinue }).catch(destroy));
        });
      });
      open.set(
        call,
        Promise.all([closed, answered]).finally(() => open.delete(call)),
      );
    };
    // A request that was sent before the answer to the last one waits for its turn: it has no socket yet.
    if (response.socket) join();
    else response.once('socket', join);
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    { call, client, expectsContinue }: Underway,
  ): Promise<void> {
    const address = sourceIp(request);
    const trace = traceId?.(request);
    const remaining = remainingMs?.(request);
    const received: HttpRequest = {
      front,
      requestId: requestId(request),
      method: request.method ?? 'GET',
      ...readTarget(request),
      headers: readHeaders(request),
      ...(address !== undefined && { sourceIp: address }),
      ...(trace !== undefined && { traceId: trace }),
      readBody(maxBytes) {
        if (expectsContinue) response.writeContinue();
        return readBody(request, maxBytes);
      },
      signal: call.signal,
      ...(remaining !== undefined && { remainingMs: remaining }),
    };
    const answer = await serve(proxy, received, options);
    await answer.close(await writeAnswer(answer, request, response, { client, isLast: isStopping }));
  }

  async function drain(graceMs: number): Promise<void> {
    isStopping = true;
    const over = Promise.all(open.values());
    if (await isSettledWithin(over, graceMs)) return;
    const reason = stopping();
    for (const call of open.keys()) call.abort(reason);
    await isSettledWithin(over, flushMs);
  }

  const listener: RequestListener = (request, response) => listenTo(request, response, false);
  const checkContinue: RequestListener = (request, response) => listenTo(request, response, true);
  return Object.assign(listener, { checkContinue, drain });
}

/**
 * Requests that begin in one turn of the event loop. Each takes about half a millisecond, so that a crowd of new requests holds up the
 * answers under way by a few milliseconds.
 */
const mostPerTurn = 2;

/** How long a client has to take the end of an answer when the server stops. */
const flushMs = 500;

function stopping(): ProxyError {
  return new ProxyError('deadline_exceeded', { message: 'This server is stopping. Send the request again.' });
}

function newId(): string {
  return randomUUID();
}

function peerAddress({ socket }: IncomingMessage): string | undefined {
  return socket.remoteAddress;
}

function ignore(): void {}

async function isSettledWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const isSettled = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return isSettled;
}
