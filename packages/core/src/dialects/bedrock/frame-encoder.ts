import type { ErrorCode } from '../../errors/error-kinds.js';
import type { ProxyError } from '../../errors/proxy-error.js';
import type { Chunk, ModelOperation } from '../../ports/model-invoker.js';
import type { EventBatch } from '../../stream/open-stream.js';
import type { Piece, StreamEncoder } from '../dialect.js';
import { encodeFrame } from './encode-frame.js';

export interface FrameEncoderOptions {
  readonly operation: ModelOperation;
  readonly heartbeat: boolean;
  /** Bedrock's own response headers, once they are known. */
  headers(): Readonly<Record<string, string>>;
}

/**
 * Writes Bedrock's event frames as they came, whole ones only. Every end that is not whole is one exception frame: nothing else is
 * heard by all clients.
 */
export class FrameEncoder implements StreamEncoder {
  readonly waitsForFirst = true;
  readonly onBufferedFailure = { append: 200 } as const;
  readonly #options: FrameEncoderOptions;
  /** An invoker that reads no event stream gives chunks alone. */
  #givesFrames = false;

  constructor(options: FrameEncoderOptions) {
    this.#options = options;
  }

  get headers(): Readonly<Record<string, string>> {
    return {
      ...this.#options.headers(),
      // Claude Code refuses any other value.
      'content-type': 'application/vnd.amazon.eventstream',
      'cache-control': 'no-cache, no-transform',
    };
  }

  open(): Piece {
    return '';
  }

  batch({ frames, chunks }: EventBatch): Piece {
    if (frames === undefined) return Buffer.concat(chunks.map(frameOf));
    this.#givesFrames = true;
    return frames;
  }

  ping(): Piece {
    return this.#options.heartbeat ? ping : '';
  }

  end(): Piece {
    return '';
  }

  fail(error: ProxyError): Piece {
    const exception = exceptionFrame(error, this.#options.operation);
    const chunk = error.upstream?.chunk;
    return chunk && !this.#givesFrames ? Buffer.concat([frameOf({ bytes: chunk }), exception]) : exception;
  }
}

const eventHeaders = (eventType: string) => ({
  ':event-type': eventType,
  ':content-type': 'application/json',
  ':message-type': 'event',
});

const ping = encodeFrame(eventHeaders('ping'), Buffer.from('{}'));

/** The frame that a chunk would have come in, without padding. */
function frameOf({ bytes, eventType }: Chunk): Uint8Array {
  if (eventType !== undefined) return encodeFrame(eventHeaders(eventType), bytes);
  const encoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return encodeFrame(eventHeaders('chunk'), Buffer.from(`{"bytes":"${encoded}"}`));
}

/** The exception types of Bedrock's streams, without `Exception`. */
const exceptionTypes: Readonly<Partial<Record<ErrorCode, string>>> = {
  throttled: 'throttling',
  quota_exceeded: 'throttling',
  upstream_validation: 'validation',
  response_too_large: 'validation',
  upstream_unavailable: 'serviceUnavailable',
  model_not_ready: 'serviceUnavailable',
  auth_unavailable: 'serviceUnavailable',
  upstream_timeout: 'modelTimeout',
  deadline_exceeded: 'modelTimeout',
  upstream_error: 'modelStreamError',
  upstream_truncated: 'modelStreamError',
  upstream_denied: 'modelStreamError',
};

const knownTypes = new Set([...Object.values(exceptionTypes), 'internalServer'].map((type) => `${type}Exception`));

function exceptionFrame(error: ProxyError, operation: ModelOperation): Uint8Array {
  const type = error.upstream?.exceptionType;
  const ownType = exceptionTypeOf(error, operation);
  if (type === undefined) return frameOfException(ownType, error.message);
  // Made anew, because its sentence is cleaned.
  const message = error.upstream?.message ?? error.message;
  // Clients skip an exception of a type that they do not know, and take the answer before it for complete.
  return isKnown(type, operation) ? frameOfException(type, message) : frameOfException(ownType, `${type}: ${message}`);
}

function frameOfException(type: string, message: string): Uint8Array {
  return encodeFrame(
    { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    Buffer.from(JSON.stringify({ message })),
  );
}

// Converse has no exception for a timeout.
const isKnown = (exceptionType: string, operation: ModelOperation) =>
  knownTypes.has(exceptionType) && !(exceptionType === 'modelTimeoutException' && operation === 'converse');

function exceptionTypeOf({ code, upstream }: ProxyError, operation: ModelOperation): string {
  // An error frame: a failure that the host named, and neither an exception nor a chunk of the model.
  const isErrorFrame = code === 'upstream_error' && upstream && !upstream.chunk && upstream.exceptionType === undefined;
  const type = `${(!isErrorFrame && exceptionTypes[code]) || 'internalServer'}Exception`;
  return isKnown(type, operation) ? type : 'serviceUnavailableException';
}
