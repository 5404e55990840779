import type { StreamEncoder } from '../dialects/dialect.js';
import type { CallWatch } from '../stream/call-watch.js';
import type { EventBatch, OpenStream } from '../stream/open-stream.js';
import { noteBatch, noteFailure, type RequestAccount } from '../telemetry/account.js';

const ping = ': ping\n\n';

interface Events {
  readonly stream: OpenStream;
  readonly watch: CallWatch;
  readonly encoder: StreamEncoder;
  readonly account: RequestAccount;
  readonly heartbeatMs: number;
  /** What the wait for the head brought. */
  readonly first: EventBatch | 'awake' | undefined;
}

/**
 * The pieces of an SSE answer: one for each batch that holds text, a ping where nothing was written for long, and one terminal.
 * It is pulled by a writer that waits for its reader between pieces; that wait is bounded by the watch.
 */
export async function* deliverEvents(events: Events): AsyncGenerator<string, void, undefined> {
  const { stream, watch, encoder, account, heartbeatMs } = events;
  let wroteAt = performance.now();
  let opening = encoder.open();

  /** What is to be written of what came: nothing of a batch is left when the next one is waited for. */
  function pieceOf(batch: EventBatch | 'awake' | undefined): string | undefined {
    if (batch === undefined) return undefined;
    const piece = opening + (batch === 'awake' ? ping : encoder.batch(batch));
    opening = '';
    if (batch !== 'awake') noteBatch(account, batch);
    return piece;
  }

  try {
    let piece = pieceOf(events.first);
    while (piece !== undefined) {
      if (piece !== '') {
        watch.beginWrite();
        yield piece;
        watch.endWrite();
        wroteAt = performance.now();
      }
      piece = pieceOf(await stream.next(wroteAt + heartbeatMs));
    }
    account.record.terminal = 'done';
    watch.beginWrite();
    yield opening + encoder.end();
  } catch (error) {
    const failure = noteFailure(account, error);
    if (failure === undefined) return;
    account.record.terminal = 'error';
    watch.beginWrite();
    yield opening + encoder.fail(failure, account.record.requestId);
  }
}
