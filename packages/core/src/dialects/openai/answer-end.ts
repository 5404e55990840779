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

/** The counts of an answer. Cached tokens are part of the input. */
export function tokenCounts({ inputTokens = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0 }: Usage) {
  return {
    input: inputTokens + cacheReadTokens + cacheWriteTokens,
    output: outputTokens,
    cacheRead: cacheReadTokens,
    cacheWrite: cacheWriteTokens,
  };
}

/** The counts of a chat completion. */
export function chatUsage(usage: Usage) {
  const { input, output, cacheRead, cacheWrite } = tokenCounts(usage);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
  };
}
