import type { IncomingMessage } from 'node:http';
import { createDeferred } from '../create-deferred.js';
import { createPieceQueue, type PieceQueue } from '../create-piece-queue.js';
import { createStreamedInvocation } from '../create-streamed-invocation.js';
import type { InvocationResult, ReportedError, ResponseTrailers } from '../invoke.js';
import { LambdaFunctionError } from '../lambda-function-error.js';
import { parseBufferedResult } from '../payload-limits.js';

/** If more bytes of a streamed answer are unread, the socket of the function is paused. */
const unreadLimitBytes = 65_536;

/** An invocation from its event to the end of its answer. */
export interface InvocationInFlight {
  readonly requestId: string;
  readonly head: Promise<InvocationResult>;
  /** Reads the answer from a request of the runtime. Resolves when the answer is complete. */
  receive(request: IncomingMessage): Promise<void>;
  /** Reads the failure report of the handler from a request of the runtime. */
  receiveError(request: IncomingMessage): Promise<void>;
  /** The process has ended. The reader gets the bytes that it had sent, then `error`. */
  fail(error: unknown): void;
  /** The client has disconnected. The reader gets `reason` immediately. Further bytes of the function are discarded. */
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
    // The end of the process reports a broken request.
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

/** Reads the whole body of a request of the runtime. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Parses a failure report of the runtime, which is in a body or in a trailer. */
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
