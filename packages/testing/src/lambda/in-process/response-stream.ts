import { Writable } from 'node:stream';
import { createDeferred } from '../deferred.js';
import { createPieceQueue, type PieceQueue } from '../piece-queue.js';
import { type StreamMethod, type StreamState, streamMethods, streamStates } from './stream-members.js';

type WriteRaw = (bytes: string | Uint8Array) => void;

/** What a streaming handler is given: not a `Writable`, but a plain object with these members of one, as in Lambda. */
export interface LambdaResponseStream extends Pick<Writable, StreamMethod | StreamState> {
  /** Throws once a byte was written. */
  setContentType(contentType: string): void;
  _onBeforeFirstWrite: ((write: WriteRaw) => void) | undefined;
}

/** A response stream and the runtime's side of it. */
export interface ResponseStreamPair {
  readonly stream: LambdaResponseStream;
  readonly queue: PieceQueue;
  readonly contentType: () => string;
  /** Ends the stream where the handler has not. */
  end(): void;
  /** Breaks the stream off, so that the handler sees `close`. */
  destroy(): void;
  /** Resolves with `true` at the first write or at the end, with `false` where the stream is broken off before either. */
  readonly begun: Promise<boolean>;
  /** Resolves when the stream is ended and flushed, or broken off. */
  readonly closed: Promise<void>;
}

class InvalidStreamingOperation extends Error {
  override readonly name = 'Runtime.InvalidStreamingOperation';
}

/** A response stream whose bytes go to a queue; `drain` comes when the reader has taken them. */
export function createResponseStream(): ResponseStreamPair {
  let contentType = 'application/octet-stream';
  let hasBegun = false;
  const begun = createDeferred<boolean>();

  const inner = new Writable({
    highWaterMark: 65_536,
    write(chunk: Buffer, _encoding, onWritten) {
      begun.resolve(true);
      if (chunk.length === 0) onWritten();
      else queue.push(chunk, onWritten);
    },
    final(onFinished) {
      queue.end();
      begun.resolve(true);
      onFinished();
    },
  });
  const queue = createPieceQueue(() => inner.destroy());
  const closed = new Promise<void>((resolve) => {
    inner.once('close', resolve);
  });
  void closed.then(() => begun.resolve(false));
  // An error ends a Lambda process; here other invocations live in the same one, and `closed` says enough.
  inner.on('error', () => {});

  const writeRaw = inner.write.bind(inner) as (...parameters: unknown[]) => boolean;
  const stream = bindMembers(inner);
  stream._onBeforeFirstWrite = undefined;
  stream.setContentType = (value) => {
    if (hasBegun) throw new InvalidStreamingOperation('Cannot set content-type, too late.');
    contentType = value;
  };
  stream.write = (chunk: unknown, ...rest: unknown[]) => {
    if (!hasBegun) {
      stream._onBeforeFirstWrite?.((bytes) => writeRaw(bytes));
      hasBegun = true;
    }
    return writeRaw(typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk), ...rest);
  };

  return {
    stream,
    queue,
    contentType: () => contentType,
    end: () => inner.end(),
    destroy: () => inner.destroy(),
    begun: begun.promise,
    closed,
  };
}

function bindMembers(inner: Writable): LambdaResponseStream {
  const bound = streamMethods.map((name) => [name, (inner[name] as () => unknown).bind(inner)] as const);
  const stream = Object.fromEntries(bound) as unknown as LambdaResponseStream;
  for (const name of streamStates) Object.defineProperty(stream, name, { get: () => inner[name] });
  return stream;
}
