import type { Piece } from '../dialects/dialect.js';
import { ProxyError } from '../errors/proxy-error.js';
import type { OpenedStream } from '../proxy/open-call.js';
import type { Account } from '../telemetry/account.js';
import type { BufferedAnswer } from './http-answer.js';

/** The limits of a front that sends an answer in one piece. */
export interface BufferedFront {
  /** Whether the front can send this complete answer. */
  fits(answer: Pick<BufferedAnswer, 'status' | 'headers' | 'body'>): boolean;
  /** The bytes that the front can send of a body which grows piece by piece, as `size` counts them. */
  readonly maxBodyBytes: number;
  /** The bytes that a piece takes in the front's answer. */
  size(piece: Piece): number;
}

// Room for the piece that ends a broken answer, escaped as the front may have to.
const closingBytes = 4_096;

/**
 * Reads a stream to its end into one body. An answer that broke off, or grew too large, keeps its pieces and ends with the error, which
 * is returned beside it; if the dialect refuses instead, the error is thrown. The same holds for a client that has left. Closes the
 * watch of the stream.
 */
export async function deliverBuffered(
  { stream, watch, encoder, first }: OpenedStream,
  account: Account,
  { maxBodyBytes, size }: BufferedFront,
): Promise<{ readonly body: string | Uint8Array; readonly failure?: ProxyError }> {
  const pieces: Piece[] = [];
  let bytes = 0;
  const add = (piece: Piece) => {
    bytes += size(piece);
    if (bytes > maxBodyBytes - closingBytes) throw new ProxyError('response_too_large');
    pieces.push(piece);
  };
  try {
    add(encoder.open());
    for (let batch = first; batch !== undefined; batch = await stream.next()) {
      if (batch === 'awake') continue;
      account.received(batch);
      add(encoder.batch(batch));
    }
    add(encoder.end());
    account.done();
    return { body: joinAll(pieces) };
  } catch (error) {
    if (encoder.onBufferedFailure === 'refuse') throw error;
    const failure = account.failed(error);
    // Nobody is left to read the answer of a client that has gone.
    if (failure === undefined) throw error;
    const closing = encoder.fail(failure, account.requestId);
    const fits = size(closing) <= closingBytes;
    const last = fits ? closing : encoder.fail(new ProxyError(failure.code), account.requestId);
    return { body: joinAll([...pieces, last]), failure };
  } finally {
    watch.close();
  }
}

function joinAll(pieces: readonly Piece[]): string | Uint8Array {
  const texts = pieces.filter((piece) => typeof piece === 'string');
  return texts.length === pieces.length ? texts.join('') : Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}
