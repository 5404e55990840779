import type { AnswerFormat } from './answer-format.js';
import { invocationMetrics } from './invocation-metrics.js';

/** How Mistral's text completions answer. Their bodies have no counts. */
export const mistralTextAnswer: AnswerFormat = {
  opening: () => [],
  delta: (text) => ({ outputs: [{ text, stop_reason: null }] }),
  closing: ({ stopReason, usage }, timing) => [
    { outputs: [{ text: '', stop_reason: ending(stopReason) }], ...invocationMetrics({ usage }, timing) },
  ],
  whole: (text, { stopReason }) => ({ outputs: [{ text, stop_reason: ending(stopReason) }] }),
};

function ending(stopReason: string): string {
  return stopReason === 'length' ? 'length' : 'stop';
}
