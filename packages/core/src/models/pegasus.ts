import type { ModelFamily } from './chunk-reading.js';
import { readText } from './chunk-reading.js';
import { stopReasonAt } from './json-object.js';

/** TwelveLabs Pegasus, which describes videos. It reports no usage. */
export const pegasus: ModelFamily = {
  name: 'pegasus',
  isText: true,
  matches: (chunk) => 'message' in chunk && ('stopReason' in chunk || 'finishReason' in chunk),
  read: (chunk) => ({
    ...readText(chunk.message),
    stopReason: stopReasonAt(chunk, 'stopReason') ?? stopReasonAt(chunk, 'finishReason'),
  }),
};
