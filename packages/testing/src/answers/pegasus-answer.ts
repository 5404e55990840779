import type { AnswerFormat } from './answer-format.js';
import { invocationMetrics } from './invocation-metrics.js';

/** How TwelveLabs Pegasus answers. Its bodies have no counts. */
export const pegasusAnswer: AnswerFormat = {
  opening: () => [],
  delta: (message) => ({ message, stopReason: '' }),
  closing: ({ stopReason, usage }, timing) => [
    { message: '', stopReason: ending(stopReason), ...invocationMetrics({ usage }, timing) },
  ],
  whole: (message, { stopReason }) => ({ message, finishReason: ending(stopReason) }),
};

function ending(stopReason: string): string {
  return stopReason === 'length' ? 'length' : 'stop';
}
