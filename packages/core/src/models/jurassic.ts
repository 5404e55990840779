import type { ModelFamily } from './chunk-reading.js';
import { textContent } from './chunk-reading.js';
import { objectsAt, stringAt } from './json-object.js';

/** AI21 Jurassic-2. It never streams, so only whole answers have this shape. It reports no usage. */
export const jurassic: ModelFamily = {
  name: 'jurassic',
  isText: true,
  matches: (chunk) => Array.isArray(chunk.completions),
  read(chunk) {
    const [completion] = objectsAt(chunk, 'completions');
    return {
      content: textContent(stringAt(completion?.data, 'text')),
      stopReason: stringAt(completion?.finishReason, 'reason'),
      endsAnswer: true,
    };
  },
};
