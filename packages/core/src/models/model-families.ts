import type { ModelFamily } from './chunk-reading.js';
import { claudeMessages } from './claude-messages.js';
import type { JsonObject } from './json-object.js';

/** Every family that is known, in the order in which a chunk is held against them: the first match wins. */
const modelFamilies: readonly ModelFamily[] = [claudeMessages];

/** The family that speaks in chunks of this shape; undefined where none is known. */
export function detectFamily(chunk: JsonObject): ModelFamily | undefined {
  return modelFamilies.find((family) => family.matches(chunk));
}
