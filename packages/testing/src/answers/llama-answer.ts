import type { AnswerFormat, AnswerSummary } from './answer-format.js';
import { invocationMetrics } from './invocation-metrics.js';

/** How Meta Llama answers. The first chunk has the tokens of the prompt. */
export const llamaAnswer: AnswerFormat = {
  opening: ({ usage }) => [
    { generation: '', prompt_token_count: usage.inputTokens ?? 0, generation_token_count: 0, stop_reason: null },
  ],
  delta: (generation) => ({ generation, prompt_token_count: null, generation_token_count: null, stop_reason: null }),
  closing: (summary, timing) => [
    { generation: '', ...ending(summary), prompt_token_count: null, ...invocationMetrics(summary, timing) },
  ],
  whole: (generation, summary) => ({ generation, ...ending(summary) }),
};

function ending({ stopReason, usage }: AnswerSummary) {
  return {
    prompt_token_count: usage.inputTokens ?? 0,
    generation_token_count: usage.outputTokens ?? 0,
    stop_reason: stopReason === 'length' ? 'length' : 'stop',
  };
}
