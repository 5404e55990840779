import type { ModelFamily } from './chunk-reading.js';
import { textContent } from './chunk-reading.js';
import { objectsAt, stringAt } from './json-object.js';

/** AI21 Jurassic-2, which never streams: only whole answers have this shape. It reports no counts of its own. */
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
