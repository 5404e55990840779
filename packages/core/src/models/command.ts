import type { ChunkReading, ModelFamily } from './chunk-reading.js';
import { readText } from './chunk-reading.js';
import { indexAt, objectsAt, stopReasonAt } from './json-object.js';

/**
 * Cohere Command. The chunks of several generations are interleaved, each with its index. If the payload does not ask for a stream
 * itself, the whole answer comes as one chunk. It reports no usage.
 */
export const command: ModelFamily = {
  name: 'command',
  isText: true,
  matches: (chunk) => Array.isArray(chunk.generations) || 'is_finished' in chunk,
  read(chunk): ChunkReading {
    const isWhole = Array.isArray(chunk.generations);
    const generation = isWhole ? objectsAt(chunk, 'generations')[0] : chunk;
    if (!isWhole && indexAt(chunk, 'index') !== 0) return {};
    return {
      ...readText(generation?.text),
      stopReason: stopReasonAt(generation, 'finish_reason'),
      endsAnswer: isWhole,
    };
  },
};
