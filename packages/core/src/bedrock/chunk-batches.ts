import { ProxyError } from '../errors/proxy-error.js';
import type { Chunk } from '../ports/model-invoker.js';
import { createFrameReader, type Frame } from './frame-reader.js';
import { readChunkPayload } from './read-chunk-payload.js';
import { errorOfException, errorOfFrame } from './upstream-error.js';

/**
 * The chunks of a Bedrock event stream, one batch for each network read. Throws the `ProxyError` of an exception or error frame,
 * after the chunks that came before it; `upstream_truncated` for a cut inside a frame, a reset or a corrupt frame.
 */
export async function* readChunkBatches(
  reads: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly Chunk[], void, undefined> {
  const reader = createFrameReader();
  try {
    for await (const read of reads) {
      const chunks: Chunk[] = [];
      let failure: ProxyError | undefined;
      const corruption = reader.push(read, (frame) => {
        failure ??= readFrame(frame, chunks);
      });
      failure ??= corruption;
      if (chunks.length > 0) yield chunks;
      if (failure) throw failure;
    }
  } catch (error) {
    throw error instanceof ProxyError ? error : new ProxyError('upstream_truncated', { cause: error });
  }
  reader.end();
}

/** Adds the chunk of a frame, if it holds one; gives the error of one that fails. */
function readFrame(frame: Frame, chunks: Chunk[]): ProxyError | undefined {
  const failure = failureOf(frame);
  if (failure) return failure;
  // Events of other types may join the stream one day, and mean nothing to this operation.
  if (frame.headers.get(':event-type') !== 'chunk') return undefined;
  const bytes = readChunkPayload(frame);
  if (bytes === undefined) {
    return new ProxyError('upstream_truncated', { cause: new Error('a chunk event holds no bytes') });
  }
  chunks.push({ bytes });
  return undefined;
}

function failureOf({ headers, bytes, start, end }: Frame): ProxyError | undefined {
  switch (headers.get(':message-type')) {
    case 'exception':
      return errorOfException(headers.get(':exception-type') ?? 'unknown', bytes.subarray(start, end));
    case 'error':
      return errorOfFrame(headers.get(':error-code') ?? 'unknown', headers.get(':error-message') ?? '');
    default:
      return undefined;
  }
}
