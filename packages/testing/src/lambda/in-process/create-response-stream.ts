import { Writable } from 'node:stream';
import { createDeferred } from '../create-deferred.js';
import { createPieceQueue, type PieceQueue } from '../create-piece-queue.js';
import { type StreamMember, streamMembers } from './stream-members.js';

/** The response stream of a streaming handler. As in Lambda, it is a plain object with some members of a `Writable`. */
export interface LambdaResponseStream extends Pick<Writable, StreamMember> {
  /** Throws after the first write. */
  setContentType(contentType: string): void;
  _onBeforeFirstWrite: ((write: (bytes: string | Uint8Array) => void) => void) | undefined;
}

/** A response stream and the functions that the runtime uses to control it. */
export interface ResponseStreamPair {
  readonly stream: LambdaResponseStream;
  readonly queue: PieceQueue;
  readonly contentType: () => string;
  /** Ends the stream if the handler has not ended it. */
  end(): void;
  /** Destroys the stream. The handler gets `close`. */
  destroy(): void;
  /** Resolves with `true` at the first write or the end, or with `false` if the stream is destroyed before that. */
  readonly begun: Promise<boolean>;
  /** Resolves when the stream is flushed or destroyed. */
  readonly closed: Promise<void>;
}

class InvalidStreamingOperation extends Error {
  override readonly name = 'Runtime.InvalidStreamingOperation';
}

/** Creates a response stream that writes to a queue. It emits `drain` when the reader has read the bytes. */
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
  // In Lambda, an unhandled error ends the process. Here, it would end other invocations, and `closed` already reports
  // the end.
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
  const bound = streamMembers.methods.map((name) => [name, (inner[name] as () => unknown).bind(inner)] as const);
  const stream = Object.fromEntries(bound) as unknown as LambdaResponseStream;
  for (const name of streamMembers.states) Object.defineProperty(stream, name, { get: () => inner[name] });
  return stream;
}
