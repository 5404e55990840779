import { isProxyError } from '../errors/proxy-error.js';
import { errorOfFailure } from '../models/error-of-failure.js';
import type { ChunkBatch } from '../ports/model-invoker.js';
import type { AnswerReader } from '../stream/answer-reader.js';
import { mayAnswerElsewhere } from './target-health.js';

/** The most bytes that are held back before there is content. */
const mostHeld = 65_536;

/**
 * Reads batches up to the first content, the end that the model marks, or 64 KB, and returns them. Throws the failure of a stream that
 * fails before.
 */
export async function readToContent(
  batches: AsyncIterator<ChunkBatch>,
  reader: AnswerReader,
  signal: AbortSignal,
): Promise<readonly ChunkBatch[]> {
  const held: ChunkBatch[] = [];
  let size = 0;
  while (size < mostHeld) {
    const { done, value } = await batches.next();
    // An invoker that does not stop must not be read on.
    signal.throwIfAborted();
    if (done) {
      assertEnds(reader);
      break;
    }
    held.push(value);
    size += sizeOf(value);
    const { events, failure, reported } = reader.read(value.chunks);
    if (events.length > 0 || reader.isEnded) break;
    if (failure) throw failure;
    if (reported) throw errorOfFailure(reported.failure, reported.bytes);
  }
  return held;
}

/** What is wrong with an answer without content, and would be wrong elsewhere too, is for its reader to find. */
function assertEnds(reader: AnswerReader): void {
  try {
    reader.end();
  } catch (error) {
    if (isProxyError(error) && mayAnswerElsewhere(error)) throw error;
  }
}

function sizeOf({ chunks, frames }: ChunkBatch): number {
  return frames?.length ?? chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** The batches that were held back, then the rest. */
export function resume(held: readonly ChunkBatch[], rest: AsyncIterator<ChunkBatch>): AsyncIterable<ChunkBatch> {
  const queue = [...held];
  const next = async () => {
    const value = queue.shift();
    return value ? { value, done: false as const } : rest.next();
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}
