import { chatCompletions } from './chat-completions.js';
import type { ModelFamily } from './chunk-reading.js';
import { claudeCompletions } from './claude-completions.js';
import { claudeMessages } from './claude-messages.js';
import { command } from './command.js';
import { commandR } from './command-r.js';
import { converse } from './converse.js';
import type { JsonObject } from './json-object.js';
import { jurassic } from './jurassic.js';
import { llama } from './llama.js';
import { mistralText } from './mistral-text.js';
import { nonText } from './non-text.js';
import { pegasus } from './pegasus.js';
import { titanText } from './titan-text.js';

/**
 * Every family that is known, in the order in which a chunk is held against them: the first match wins. The order matters where a
 * chunk could be of two: Command R's chunks have what Command's are known by, and Titan's whole answer has `results` as rankings do.
 */
const modelFamilies: readonly ModelFamily[] = [
  claudeMessages,
  claudeCompletions,
  converse,
  titanText,
  llama,
  mistralText,
  chatCompletions,
  commandR,
  command,
  pegasus,
  jurassic,
  nonText,
];

/** The family that speaks in chunks of this shape; undefined where none is known. */
export function detectFamily(chunk: JsonObject): ModelFamily | undefined {
  for (const family of modelFamilies) if (family.matches(chunk)) return family;
  return undefined;
}
