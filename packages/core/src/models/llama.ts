import { isIntervened } from './bedrock-keys.js';
import type { ModelFamily } from './chunk-reading.js';
import { readText, readUsage } from './chunk-reading.js';
import { stopReasonAt } from './json-object.js';

const usageKeys = { inputTokens: 'prompt_token_count', outputTokens: 'generation_token_count' };

/** Meta Llama, and imported models in the completion format of Bedrock. If a guardrail answers, stop reason and usage are missing. */
export const llama: ModelFamily = {
  name: 'llama',
  isText: true,
  matches: (chunk) => 'generation' in chunk,
  read(chunk) {
    const usage = readUsage(chunk, usageKeys);
    return {
      ...readText(chunk.generation),
      stopReason: stopReasonAt(chunk, 'stop_reason'),
      endsSoftly: usage === undefined && isIntervened(chunk),
      usage,
    };
  },
};
