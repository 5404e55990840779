import type { BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import type { Chunk } from '../ports/model-invoker.js';
import { readChunkBatches } from './chunk-batches.js';

type SerdeProvider = NonNullable<BedrockRuntimeClientConfig['eventStreamSerdeProvider']>;

/** The body of a streamed answer when `chunkStreamSerde` reads it. */
export interface ChunkStreamBody {
  readonly batches: AsyncIterable<readonly Chunk[]>;
}

/**
 * Reads event streams in the place of the SDK's own reader, which costs several times as much and allocates what a frame claims.
 *
 * The SDK peeks at the first event before it hands a stream out, and hands out what it was given where there is none. So this
 * stream looks empty to the SDK, and carries its batches beside; the first frame is then waited for by the caller, under its limits.
 */
export const chunkStreamSerde: SerdeProvider = () => ({
  serialize() {
    throw new Error('requests are not streamed to Bedrock');
  },
  deserialize(body: AsyncIterable<Uint8Array>) {
    const empty: AsyncIterator<never> = { next: async () => ({ done: true, value: undefined }) };
    const stream = { [Symbol.asyncIterator]: () => empty, batches: readChunkBatches(body) };
    return stream as AsyncIterable<never>;
  },
});

/** The batches of a body that `chunkStreamSerde` read. Throws where an SDK upgrade has bypassed it. */
export function batchesOf(body: unknown): AsyncIterable<readonly Chunk[]> {
  if (typeof body === 'object' && body !== null && 'batches' in body) return (body as ChunkStreamBody).batches;
  throw new Error('the SDK did not read the event stream with the reader that it was given');
}
