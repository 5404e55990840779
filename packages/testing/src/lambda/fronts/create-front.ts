import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type {
  BufferedInvocation,
  InvocationResult,
  Invoke,
  InvokeOptions,
  ResponsePiece,
  StreamedInvocation,
} from '../invoke.js';
import { LambdaFunctionError } from '../lambda-function-error.js';
import type { AnswerHead, FrontAnswer } from './front-answer.js';
import { type FrontOptions, type FrontRequest, readFrontRequest } from './front-request.js';
import { type HeaderRewriting, rewriteHeaders } from './rewrite-headers.js';
import { writeStreamedAnswer, writeWholeAnswer } from './write-answer.js';

/** The behaviour of one kind of endpoint. */
export interface Gateway {
  readonly maxBodyBytes: number;
  /** After this time, the client gets `timedOut` and the function keeps running. By default, there is no limit. */
  readonly integrationTimeoutMs?: number;
  /** Returns the event for a request, or the answer of the gateway if no route matches. */
  route(request: FrontRequest, requestId: string): { readonly event: unknown } | { readonly refusal: FrontAnswer };
  /** Converts a buffered result to an answer. Returns `undefined` if the result is malformed. */
  readBuffered(result: BufferedInvocation, request: FrontRequest): FrontAnswer | undefined;
  /**
   * Reads the head of a streamed result. Returns a whole answer if this gateway does not stream, or `undefined` if the
   * result is malformed.
   */
  readStreamed(result: StreamedInvocation): AnswerHead | FrontAnswer | undefined;
  readonly rewrite: HeaderRewriting;
  /** The name of the response header with the request id. */
  readonly requestIdHeader: string;
  readonly tooLarge: FrontAnswer;
  readonly malformed: FrontAnswer;
  readonly failed: FrontAnswer;
  readonly timedOut: FrontAnswer;
}

/**
 * Creates a `node:http` listener for a gateway and its function. If the client disconnects, the invocation's signal is
 * aborted.
 */
export function createFront(gateway: Gateway, invoke: Invoke, options: FrontOptions): RequestListener {
  return (request, response) => {
    serve({ ...gateway, ...(options.sourceIp && { sourceIp: options.sourceIp }) }, invoke, request, response).catch(
      () => {
        // If the headers are not sent yet, node:http refused them, so they are malformed. Otherwise only a cut is
        // possible.
        if (response.headersSent || response.destroyed) response.destroy();
        else writeWholeAnswer(response, gateway.malformed);
      },
    );
  };
}

async function serve(
  gateway: Gateway & FrontOptions,
  invoke: Invoke,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID();
  const client = new AbortController();
  response.once('close', () => {
    // A response of HTTP/2 that was cut is finished too, but has not ended.
    if (!response.writableEnded || !response.writableFinished) client.abort(new Error('The client disconnected.'));
  });
  const answerWhole = (answer: FrontAnswer): void => writeWholeAnswer(response, identify(answer));
  const identify = <Head extends AnswerHead>(head: Head): Head => {
    const rewritten = rewriteHeaders(head, gateway.rewrite);
    return { ...rewritten, headers: [...rewritten.headers, [gateway.requestIdHeader, requestId]] };
  };

  const received = await readFrontRequest(request, gateway.maxBodyBytes, gateway);
  if (received === undefined) return answerWhole(gateway.tooLarge);
  const routed = gateway.route(received, requestId);
  if ('refusal' in routed) return answerWhole(routed.refusal);

  let result: InvocationResult | undefined;
  try {
    result = await invokeInTime(gateway, invoke, routed.event, { requestId, signal: client.signal });
  } catch (error) {
    const isTooLarge = error instanceof LambdaFunctionError && error.type === 'RequestTooLargeException';
    return answerWhole(isTooLarge ? gateway.tooLarge : gateway.failed);
  }
  if (result === undefined) return answerWhole(gateway.timedOut);
  if (result.mode === 'buffered') return answerWhole(gateway.readBuffered(result, received) ?? gateway.malformed);
  try {
    const head = gateway.readStreamed(result);
    if (head === undefined) return answerWhole(gateway.malformed);
    if ('body' in head) return answerWhole(head);
    const body = await readAhead(result);
    if (body === undefined) return answerWhole(gateway.failed);
    await writeStreamedAnswer(response, identify(head), body, client.signal);
  } finally {
    drain(result);
  }
}

/** Reads and discards the rest of a streamed body, so that the function can finish. */
function drain(result: InvocationResult): void {
  if (result.mode === 'streamed') discard(result.body).catch(() => {});
}

async function discard(body: AsyncIterable<ResponsePiece>): Promise<void> {
  for await (const _piece of body);
}

async function invokeInTime(
  { integrationTimeoutMs }: Gateway,
  invoke: Invoke,
  event: unknown,
  options: InvokeOptions,
): Promise<InvocationResult | undefined> {
  const invocation = invoke(event, options);
  if (integrationTimeoutMs === undefined) return invocation;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), integrationTimeoutMs);
  });
  const result = await Promise.race([invocation, timeout]).finally(() => clearTimeout(timer));
  if (result === undefined) void invocation.then(drain, () => {});
  return result;
}

/**
 * Returns the body, or `undefined` if the function failed without output. Without a prelude, only the first piece shows
 * whether the function failed.
 */
async function readAhead(result: StreamedInvocation): Promise<AsyncIterable<ResponsePiece> | undefined> {
  if (result.prelude !== undefined) return result.body;
  const pieces = result.body[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done === true && (await result.trailers).error !== undefined) return undefined;
  return (async function* body() {
    if (first.done === true) return;
    yield first.value;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  })();
}
