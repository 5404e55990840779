import type { ModelFamily } from './chunk-reading.js';
import { readText } from './chunk-reading.js';
import { objectAt, objectsAt, stopReasonAt } from './json-object.js';

/** AI21 Jurassic-2. It never streams, so only whole answers have this shape. It reports no usage. */
export const jurassic: ModelFamily = {
  name: 'jurassic',
  isText: true,
  matches: (chunk) => Array.isArray(chunk.completions),
  read(chunk) {
    const [completion] = objectsAt(chunk, 'completions');
    return {
      ...readText(objectAt(completion, 'data')?.text),
      stopReason: stopReasonAt(completion?.finishReason, 'reason'),
      endsAnswer: true,
    };
  },
};
