import { neutralStopReason } from '../../models/neutral-stop-reason.js';
import type { Usage } from '../../ports/model-invoker.js';

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** Why an answer ended, in OpenAI's words. An answer with a call asks for its result, whatever else the model says. */
export function finishReasonOf(nativeStopReason: string | undefined, hasCalls: boolean): FinishReason {
  switch (nativeStopReason === undefined ? undefined : neutralStopReason(nativeStopReason)) {
    case 'length':
      return 'length';
    case 'filter':
      return 'content_filter';
    default:
      return hasCalls ? 'tool_calls' : 'stop';
  }
}

/** The counts of a chat completion. Cached tokens are part of the prompt. */
export function chatUsage({ inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0 }: Usage) {
  const promptTokens = inputTokens + cacheReadTokens + cacheWriteTokens;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: outputTokens,
    total_tokens: promptTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cacheReadTokens, cache_write_tokens: cacheWriteTokens },
  };
}
