import type { AnswerSummary, AnswerTiming } from './answer-format.js';

/** The member that Bedrock adds to the last chunk of any model. */
export function invocationMetrics({ usage }: Pick<AnswerSummary, 'usage'>, timing: AnswerTiming) {
  return {
    'amazon-bedrock-invocationMetrics': {
      inputTokenCount: usage.inputTokens ?? 0,
      outputTokenCount: usage.outputTokens ?? 0,
      ...timing,
      ...(usage.cacheReadTokens !== undefined && { cacheReadInputTokenCount: usage.cacheReadTokens }),
      ...(usage.cacheWriteTokens !== undefined && { cacheWriteInputTokenCount: usage.cacheWriteTokens }),
    },
  };
}
