import type { Delivery, HttpAnswer } from '@bedrock-proxy/core/http';
import type { LambdaRuntime } from './lambda-runtime.js';
import type { ResponseStream } from './response-stream.js';

/**
 * Writes an answer and pauses while the stream needs a drain. It does not use `pipeline`, which destroys the stream if the source fails:
 * the runtime client of Lambda would then end the process. Rejects only outside Lambda.
 */
export async function writeStreamedAnswer(
  { status, headers, body, signal }: HttpAnswer,
  stream: ResponseStream,
  { runtime, client }: { readonly runtime: LambdaRuntime; readonly client: AbortSignal },
): Promise<Delivery> {
  const out = runtime.withHead(stream, { statusCode: status, headers });
  let bytesOut = 0;
  let isWritable = true;
  const write = (piece: string | Uint8Array): boolean => {
    const takesMore = out.write(piece);
    bytesOut += Buffer.byteLength(piece);
    return takesMore;
  };
  try {
    // The first write sends the head, and some clients hang on an empty body. So a byte is always written, even for a 204.
    if (isWhole(body)) write(body.length === 0 ? '\n' : body);
    else {
      for await (const piece of body) {
        if (client.aborted) break;
        if (!write(piece)) await drained(out, signal, client);
      }
    }
  } catch {
    // A stream that throws accepts no more data, because the client disconnected.
    isWritable = false;
  }
  const clientLeft = client.aborted || !isWritable;
  endQuietly(out);
  return { bytesOut, clientLeft };
}

function isWhole(body: HttpAnswer['body']): body is string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array;
}

function endQuietly(out: ResponseStream): void {
  try {
    out.end();
  } catch {
    // A handler must not throw: Lambda would send the error to the client with its stack.
  }
}

/** Resolves if `out` drains or if a signal aborts. */
function drained(out: ResponseStream, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      out.off('drain', done);
      for (const signal of signals) signal.removeEventListener('abort', done);
      resolve();
    };
    out.on('drain', done);
    for (const signal of signals) signal.addEventListener('abort', done);
    if (!out.writableNeedDrain || signals.some(({ aborted }) => aborted)) done();
  });
}
