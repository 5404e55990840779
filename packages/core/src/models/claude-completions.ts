import type { ModelFamily } from './chunk-reading.js';
import { textContent } from './chunk-reading.js';
import { stringAt } from './json-object.js';

/** Anthropic Claude, text completions (the legacy API). They report no usage. */
export const claudeCompletions: ModelFamily = {
  name: 'claude-completions',
  isText: true,
  matches: (chunk) => 'completion' in chunk,
  read: (chunk) => ({ content: textContent(chunk.completion), stopReason: stringAt(chunk, 'stop_reason') }),
};
