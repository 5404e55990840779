import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { InvocationResult, Invoke, InvokeOptions, ResponsePiece, StreamedInvocation } from '../invoke.js';
import { LambdaFunctionError } from '../lambda-function-error.js';
import type { AnswerHead, FrontAnswer } from './front-answer.js';
import { readFrontRequest } from './front-request.js';
import type { Gateway } from './gateway.js';
import { rewriteHeaders } from './rewrite-headers.js';
import { writeStreamedAnswer, writeWholeAnswer } from './write-answer.js';

/** A listener for `node:http` that puts a gateway before a function. A client that leaves aborts the invocation's signal. */
export function createFront(gateway: Gateway, invoke: Invoke): RequestListener {
  return (request, response) => {
    serve(gateway, invoke, request, response).catch(() => {
      // A head that node:http refuses to send is malformed; after the head nothing true is left to say.
      if (response.headersSent || response.destroyed) response.destroy();
      else writeWholeAnswer(response, gateway.malformed);
    });
  };
}

async function serve(
  gateway: Gateway,
  invoke: Invoke,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID();
  const client = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) client.abort(new Error('The client left.'));
  });
  const answerWhole = (answer: FrontAnswer): void => writeWholeAnswer(response, identify(answer));
  const identify = <Head extends AnswerHead>(head: Head): Head => {
    const rewritten = rewriteHeaders(head, gateway.rewrite);
    return { ...rewritten, headers: [...rewritten.headers, [gateway.requestIdHeader, requestId]] };
  };

  const received = await readFrontRequest(request, gateway.maxBodyBytes);
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

/** Takes what no client gets, so that the function runs on to its end. */
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

/** Without a prelude the head cannot tell a failure from an empty answer: there the first piece is awaited. */
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
