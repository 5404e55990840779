import type { ModelFamily } from './chunk-reading.js';
import { stopReasonAt } from './json-object.js';
import { readText } from './read-text.js';

/** Anthropic Claude, text completions (the legacy API). They report no usage. */
export const claudeCompletions: ModelFamily = {
  name: 'claude-completions',
  isText: true,
  matches: (chunk) => 'completion' in chunk,
  read: (chunk) => ({ ...readText(chunk.completion), stopReason: stopReasonAt(chunk, 'stop_reason') }),
};
