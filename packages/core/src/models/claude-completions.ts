import type { ModelFamily } from './chunk-reading.js';
import { readText } from './chunk-reading.js';
import { stopReasonAt } from './json-object.js';

/** Anthropic Claude, text completions (the legacy API). They report no usage. */
export const claudeCompletions: ModelFamily = {
  name: 'claude-completions',
  isText: true,
  matches: (chunk) => 'completion' in chunk,
  read: (chunk) => ({ ...readText(chunk.completion), stopReason: stopReasonAt(chunk, 'stop_reason') }),
};
