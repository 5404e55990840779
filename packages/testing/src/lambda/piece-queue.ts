import type { ResponsePiece } from './invoke.js';

interface QueuedPiece extends ResponsePiece {
  readonly onRead: () => void;
}

/**
 * Carries a streamed body from its writer to its one reader. `push` calls `onRead` once the piece was taken,
 * so that a writer who waits for it holds no more than it chooses to.
 */
export interface PieceQueue {
  push(bytes: Uint8Array, onRead: () => void): void;
  end(): void;
  /** The reader still gets what was pushed before, then `error`. */
  fail(error: unknown): void;
  /** The reader gets `error` at once; what it had not taken is dropped. */
  abandon(error: unknown): void;
  readonly pieces: AsyncIterableIterator<ResponsePiece, undefined>;
}

/** `onAbandoned` runs when the reader leaves before the end; what is pushed from then on counts as read. */
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
