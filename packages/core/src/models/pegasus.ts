import type { ModelFamily } from './chunk-reading.js';
import { textContent } from './chunk-reading.js';
import { stringAt } from './json-object.js';

/** TwelveLabs Pegasus, which describes videos. It reports no usage. */
export const pegasus: ModelFamily = {
  name: 'pegasus',
  isText: true,
  matches: (chunk) => typeof chunk.message === 'string' && ('stopReason' in chunk || 'finishReason' in chunk),
  read: (chunk) => ({
    content: textContent(chunk.message),
    stopReason: stringAt(chunk, 'stopReason') ?? stringAt(chunk, 'finishReason'),
  }),
};
