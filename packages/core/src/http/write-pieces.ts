import type { Piece } from '../dialects/dialect.js';
import type { Delivery, HttpAnswer } from './http-answer.js';

/** What the pieces of an answer are written to: the response stream of Lambda, or a response of `node:http`. */
export interface PieceSink {
  readonly writableNeedDrain: boolean;
  write(piece: Piece): boolean;
  on(event: 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
}

/**
 * Writes the body of an answer, and pauses while `out` needs a drain. `client` aborts when the client is seen to leave. Does not end
 * `out`, and never rejects. It does not use `pipeline`, which destroys `out` if the source fails: the runtime client of Lambda would then
 * end the process.
 */
export async function writePieces(
  { body, signal }: Pick<HttpAnswer, 'body' | 'signal'>,
  out: PieceSink,
  client: AbortSignal,
): Promise<Delivery> {
  let bytesOut = 0;
  let isWritable = true;
  const write = (piece: Piece): boolean => {
    const takesMore = out.write(piece);
    bytesOut += Buffer.byteLength(piece);
    return takesMore;
  };
  try {
    if (isWhole(body)) write(body);
    else {
      for await (const piece of body) {
        if (client.aborted) break;
        if (!write(piece)) await drained(out, signal, client);
      }
    }
  } catch {
    // A sink that throws accepts no more data, because the client disconnected.
    isWritable = false;
  }
  return { bytesOut, clientLeft: client.aborted || !isWritable };
}

export function isWhole(body: HttpAnswer['body']): body is string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array;
}

/** Resolves if `out` drains or if a signal aborts. */
function drained(out: PieceSink, ...signals: readonly AbortSignal[]): Promise<void> {
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
