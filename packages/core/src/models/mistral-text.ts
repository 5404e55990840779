import type { ModelFamily } from './chunk-reading.js';
import { readText } from './chunk-reading.js';
import { objectsAt, stopReasonAt } from './json-object.js';

/** Mistral, text completions. They report no usage. */
export const mistralText: ModelFamily = {
  name: 'mistral-text',
  isText: true,
  matches: (chunk) => Array.isArray(chunk.outputs),
  read(chunk) {
    const [output] = objectsAt(chunk, 'outputs');
    return { ...readText(output?.text), stopReason: stopReasonAt(output, 'stop_reason') };
  },
};
