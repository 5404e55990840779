import type { Piece } from '../dialects/dialect.js';
import type { OpenedStream } from '../proxy/open-call.js';
import type { EventBatch } from '../stream/open-stream.js';
import type { Account } from '../telemetry/account.js';

/**
 * The pieces of a streamed answer: one for each batch that holds something for this client, a ping if nothing was written for
 * `heartbeatMs`, and one terminal. A writer that waits for its reader pulls them; the watch limits that wait.
 */
export function deliverStream(
  { stream, watch, encoder, first }: OpenedStream,
  account: Account,
  heartbeatMs: number,
): AsyncIterableIterator<Piece, void, undefined> {
  let lastSign: number;
  let opening: Piece | undefined;
  let isOver = false;

  /** The piece for what came. Nothing of a batch is kept while the next one is awaited. */
  function pieceOf(batch: EventBatch | 'awake'): Piece {
    const piece = joined(batch === 'awake' ? encoder.ping() : encoder.batch(batch));
    if (batch === 'awake') lastSign = performance.now();
    else account.received(batch);
    return piece;
  }

  /** A piece with the opening in front, if it was not written yet. */
  function joined(piece: Piece): Piece {
    const whole = opening === undefined ? piece : join(opening, piece);
    opening = '';
    return whole;
  }

  function write(value: Piece): IteratorResult<Piece, void> {
    watch.beginWrite();
    return { done: false, value };
  }

  // No generator: one would wait for each piece that it gives.
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (isOver) return { done: true, value: undefined };
      try {
        lastSign = watch.endWrite();
        let batch = first;
        if (opening === undefined) opening = encoder.open();
        else batch = await stream.next(lastSign + heartbeatMs);
        while (batch !== undefined) {
          const piece = pieceOf(batch);
          if (piece.length > 0) return write(piece);
          batch = await stream.next(lastSign + heartbeatMs);
        }
        account.done();
        const last = joined(encoder.end());
        isOver = true;
        return write(last);
      } catch (error) {
        isOver = true;
        const failure = account.failed(error);
        if (failure === undefined) return { done: true, value: undefined };
        return write(joined(encoder.fail(failure, account.requestId)));
      }
    },
  };
}

function join(opening: Piece, piece: Piece): Piece {
  if (opening.length === 0) return piece;
  if (typeof opening === 'string' && typeof piece === 'string') return opening + piece;
  return Buffer.concat([Buffer.from(opening), Buffer.from(piece)]);
}
