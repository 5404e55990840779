import type { Delivery, HttpAnswer } from '@bedrock-proxy/core/http';
import type { LambdaRuntime } from './lambda-runtime.js';
import type { ResponseStream } from './response-stream.js';

/**
 * Writes an answer, and waits for its reader where it must. Never `pipeline`: where its source fails, it destroys the stream, and
 * Lambda's runtime client then ends the whole process.
 */
export async function writeStreamedAnswer(
  answer: HttpAnswer,
  stream: ResponseStream,
  { runtime, client }: { readonly runtime: LambdaRuntime; readonly client: AbortSignal },
): Promise<Delivery> {
  const out = runtime.withHead(stream, { statusCode: answer.status, headers: answer.headers });
  let bytesOut = 0;
  for await (const piece of pieces(answer.body)) {
    if (client.aborted) break;
    bytesOut += Buffer.byteLength(piece);
    if (!out.write(piece)) await drained(out, answer.signal, client);
  }
  const clientLeft = client.aborted;
  out.end();
  return { bytesOut, clientLeft };
}

async function* pieces(body: HttpAnswer['body']): AsyncGenerator<string | Uint8Array, void, undefined> {
  // The head goes out with the first write alone, and an empty body leaves some clients hanging: a 204 too writes a byte.
  if (typeof body === 'string' || body instanceof Uint8Array) yield body.length === 0 ? '\n' : body;
  else yield* body;
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
