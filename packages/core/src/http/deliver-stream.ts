import type { Piece } from '../dialects/dialect.js';
import type { OpenedStream } from '../proxy/open-call.js';
import type { Account } from '../telemetry/account.js';

/**
 * The pieces of a streamed answer: one for each batch that holds something for this client, a ping if nothing was written for
 * `heartbeatMs`, and one terminal. A writer that waits for its reader pulls them; the watch limits that wait.
 */
export async function* deliverStream(
  { stream, watch, encoder, first }: OpenedStream,
  account: Account,
  heartbeatMs: number,
): AsyncGenerator<Piece, void, undefined> {
  let lastSign = performance.now();
  let opening: Piece = '';

  /** The piece for what came. Nothing of a batch is kept while the next one is awaited. */
  function pieceOf(batch: OpenedStream['first']): Piece | undefined {
    if (batch === undefined) return undefined;
    const piece = join(opening, batch === 'awake' ? encoder.ping() : encoder.batch(batch));
    opening = '';
    if (batch === 'awake') lastSign = performance.now();
    else account.received(batch);
    return piece;
  }

  try {
    opening = encoder.open();
    let piece = pieceOf(first);
    while (piece !== undefined) {
      if (piece.length > 0) {
        watch.beginWrite();
        yield piece;
        watch.endWrite();
        lastSign = performance.now();
      }
      piece = pieceOf(await stream.next(lastSign + heartbeatMs));
    }
    account.done();
    watch.beginWrite();
    yield join(opening, encoder.end());
  } catch (error) {
    const failure = account.failed(error);
    if (failure === undefined) return;
    watch.beginWrite();
    yield join(opening, encoder.fail(failure, account.requestId));
  }
}

function join(opening: Piece, piece: Piece): Piece {
  if (opening.length === 0) return piece;
  if (typeof opening === 'string' && typeof piece === 'string') return opening + piece;
  return Buffer.concat([Buffer.from(opening), Buffer.from(piece)]);
}
