import type { StopReason } from '@bedrock-proxy/core';
import type { AnswerFormat } from './answer-format.js';
import { invocationMetrics } from './invocation-metrics.js';

/** How Claude answers in its legacy API for text completions. */
export const claudeCompletionAnswer: AnswerFormat = {
  opening: () => [],
  delta: (completion) => ({ type: 'completion', completion, stop_reason: null, stop: null }),
  closing: ({ stopReason, usage }, timing) => [
    { type: 'completion', completion: '', ...ending(stopReason), ...invocationMetrics({ usage }, timing) },
  ],
  whole: (completion, { stopReason }) => ({ type: 'completion', completion, ...ending(stopReason) }),
};

function ending(stopReason: StopReason) {
  if (stopReason === 'length') return { stop_reason: 'max_tokens', stop: null };
  return { stop_reason: 'stop_sequence', stop: '\n\nHuman:' };
}
