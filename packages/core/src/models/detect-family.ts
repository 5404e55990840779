import { chatCompletions } from './chat-completions.js';
import type { ModelFamily } from './chunk-reading.js';
import { claudeMessages } from './claude-messages.js';
import { commandR } from './command-r.js';
import { converse } from './converse.js';
import type { JsonObject } from './json-object.js';
import { nonText } from './non-text.js';
import { textCompletions } from './text-completions.js';
import { textGeneration } from './text-generation.js';
import { titanText } from './titan-text.js';

/**
 * All known families. The first match wins, so the order matters for a chunk that two families match: chunks of Command R also match
 * Command, and a whole answer of Titan has `results` like a ranking.
 */
const modelFamilies: readonly ModelFamily[] = [
  claudeMessages,
  textCompletions.claude,
  converse,
  titanText,
  textCompletions.llama,
  textCompletions.mistral,
  chatCompletions,
  commandR,
  textCompletions.command,
  textCompletions.pegasus,
  textCompletions.jurassic,
  textGeneration,
  nonText,
];

/** The family with chunks of this shape; undefined if it is unknown. */
export function detectFamily(chunk: JsonObject): ModelFamily | undefined {
  for (const family of modelFamilies) if (family.matches(chunk)) return family;
  return undefined;
}
