import type { ResponsePiece } from './invoke.js';

interface QueuedPiece extends ResponsePiece {
  readonly onRead: () => void;
}

/**
 * A queue between the writer and the only reader of a streamed body. `push` calls `onRead` when the reader has read the
 * piece, so the writer can limit the number of unread bytes.
 */
export interface PieceQueue {
  push(bytes: Uint8Array, onRead: () => void): void;
  end(): void;
  /** The reader gets the pieces that were pushed before, then `error`. */
  fail(error: unknown): void;
  /** The reader gets `error` immediately. Unread pieces are dropped. */
  abandon(error: unknown): void;
  readonly pieces: AsyncIterableIterator<ResponsePiece, undefined>;
}

/**
 * Creates a queue. `onAbandoned` is called if the reader stops before the end. After that, every pushed piece counts as
 * read.
 */
export function createPieceQueue(onAbandoned: () => void): PieceQueue {
  const queued: QueuedPiece[] = [];
  let outcome: { readonly error?: unknown } | undefined;
  let isAbandoned = false;
  let wakeReader = (): void => {};

  function settle(result: { readonly error?: unknown }): void {
    outcome ??= result;
    wakeReader();
  }

  function drop(): void {
    isAbandoned = true;
    for (const piece of queued.splice(0)) piece.onRead();
  }

  async function* read(): AsyncGenerator<ResponsePiece, undefined> {
    try {
      for (;;) {
        const piece = queued.shift();
        if (piece !== undefined) {
          piece.onRead();
          yield { bytes: piece.bytes, atMs: piece.atMs };
        } else if (outcome === undefined) {
          await new Promise<void>((resolve) => {
            wakeReader = resolve;
          });
        } else if ('error' in outcome) {
          throw outcome.error;
        } else {
          return undefined;
        }
      }
    } finally {
      drop();
      if (outcome === undefined) onAbandoned();
    }
  }

  return {
    push(bytes, onRead) {
      if (isAbandoned || outcome !== undefined) {
        onRead();
        return;
      }
      queued.push({ bytes, atMs: performance.now(), onRead });
      wakeReader();
    },
    end: () => settle({}),
    fail: (error) => settle({ error }),
    abandon(error) {
      drop();
      settle({ error });
    },
    pieces: read(),
  };
}
