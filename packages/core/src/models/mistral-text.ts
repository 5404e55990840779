import type { ModelFamily } from './chunk-reading.js';
import { textContent } from './chunk-reading.js';
import { objectsAt, stringAt } from './json-object.js';

/** Mistral, text completions. They report no usage. */
export const mistralText: ModelFamily = {
  name: 'mistral-text',
  isText: true,
  matches: (chunk) => Array.isArray(chunk.outputs),
  read(chunk) {
    const [output] = objectsAt(chunk, 'outputs');
    return { content: textContent(output?.text), stopReason: stringAt(output, 'stop_reason') };
  },
};
