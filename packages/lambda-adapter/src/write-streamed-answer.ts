import type { Delivery, HttpAnswer } from '@bedrock-proxy/core/http';
import type { LambdaRuntime } from './lambda-runtime.js';
import type { ResponseStream } from './response-stream.js';

/**
 * Writes an answer, and waits for its reader where it must. Never `pipeline`: where its source fails, it destroys the stream, and
 * Lambda's runtime client then ends the whole process. Rejects outside of Lambda alone.
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
    // The head goes out with the first write alone, and an empty body leaves some clients hanging: a 204 too writes a byte.
    if (isWhole(body)) write(body.length === 0 ? '\n' : body);
    else {
      for await (const piece of body) {
        if (client.aborted) break;
        if (!write(piece)) await drained(out, signal, client);
      }
    }
  } catch {
    // A stream that throws takes nothing more: its reader is gone.
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
    // Nothing may escape the handler: what it throws is shown to the client with its stack.
  }
}

/** Resolves when `out` takes more, or when waiting for that is over: the reader is gone, or the call was given up. */
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
