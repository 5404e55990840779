import type { IncomingMessage } from 'node:http';
import { createStreamedInvocation } from '../create-streamed-invocation.js';
import { createDeferred } from '../deferred.js';
import type { InvocationResult, ReportedError, ResponseTrailers } from '../invoke.js';
import { LambdaFunctionError } from '../lambda-function-error.js';
import { parseBufferedResult } from '../payload-limits.js';
import { createPieceQueue, type PieceQueue } from '../piece-queue.js';

/** So much of a streamed answer is held for a reader who has not taken it; then the function's socket is paused. */
const unreadLimitBytes = 65_536;

/** One invocation from its event to the end of its answer. */
export interface InvocationInFlight {
  readonly requestId: string;
  readonly head: Promise<InvocationResult>;
  /** Takes the runtime's answer from its request; resolves once it is complete. */
  receive(request: IncomingMessage): Promise<void>;
  /** Takes the runtime's report that the handler failed. */
  receiveError(request: IncomingMessage): Promise<void>;
  /** The process is gone: what it had sent is still given, then `error`. */
  fail(error: unknown): void;
  /** The client is gone: `reason` is given at once, and what the function still sends is thrown away. */
  abandon(reason: unknown): void;
}

export function createInvocationInFlight(requestId: string): InvocationInFlight {
  const head = createDeferred<InvocationResult>();
  let stream: { readonly request: IncomingMessage; readonly queue: PieceQueue } | undefined;
  let abandonReason: { readonly reason: unknown } | undefined;

  async function receiveStream(request: IncomingMessage): Promise<void> {
    const queue = createPieceQueue(() => {});
    stream = { request, queue };
    if (abandonReason !== undefined) queue.abandon(abandonReason.reason);
    createStreamedInvocation({
      requestId,
      contentType: request.headers['content-type'] ?? '',
      pieces: queue.pieces,
      readTrailers: () => readTrailers(request),
    }).then(head.resolve, head.reject);

    let unreadBytes = 0;
    request.on('data', (bytes: Buffer) => {
      unreadBytes += bytes.length;
      if (unreadBytes > unreadLimitBytes) request.pause();
      queue.push(bytes, () => {
        unreadBytes -= bytes.length;
        if (unreadBytes <= unreadLimitBytes) request.resume();
      });
    });
    // A request that breaks off is told by the end of its process.
    request.on('error', () => {});
    await new Promise((resolve) => request.once('end', resolve));
    queue.end();
  }

  return {
    requestId,
    head: head.promise,
    async receive(request) {
      if (request.headers['lambda-runtime-function-response-mode'] === 'streaming') return receiveStream(request);
      const json = await readText(request);
      try {
        head.resolve({ mode: 'buffered', requestId, payload: parseBufferedResult(json) });
      } catch (error) {
        head.reject(error);
      }
    },
    async receiveError(request) {
      head.reject(LambdaFunctionError.fromReport(parseReport(await readText(request))));
    },
    fail(error) {
      head.reject(error);
      if (stream === undefined || stream.request.complete) return;
      const { request, queue } = stream;
      if (request.closed) queue.fail(error);
      else request.once('close', () => queue.fail(error));
    },
    abandon(reason) {
      abandonReason = { reason };
      head.reject(reason);
      stream?.queue.abandon(reason);
    },
  };
}

/** The whole body of a request of the runtime. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** A failure as the runtime reports it, in a body or in a trailer. */
export function parseReport(json: string): ReportedError {
  const { errorType, errorMessage, trace } = JSON.parse(json) as Partial<ReportedError>;
  return {
    errorType: errorType ?? 'Error',
    errorMessage: errorMessage ?? '',
    ...(trace === undefined ? {} : { trace }),
  };
}

function readTrailers({ trailers }: IncomingMessage): ResponseTrailers {
  const body = trailers['lambda-runtime-function-error-body'];
  return body === undefined ? {} : { error: parseReport(Buffer.from(body, 'base64').toString('utf8')) };
}
