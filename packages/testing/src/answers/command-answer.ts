import type { StopReason } from '@bedrock-proxy/core';
import type { AnswerFormat } from './answer-format.js';
import { invocationMetrics } from './invocation-metrics.js';

const nativeStopReasons: Readonly<Record<StopReason, string>> = {
  stop: 'COMPLETE',
  length: 'MAX_TOKENS',
  tool: 'COMPLETE',
  filter: 'ERROR_TOXIC',
  error: 'ERROR',
};

/** How Cohere Command answers. Its bodies have no counts. */
export const commandAnswer: AnswerFormat = {
  opening: () => [],
  delta: (text) => ({ is_finished: false, text }),
  closing: ({ stopReason, usage }, timing) => [
    { finish_reason: nativeStopReasons[stopReason], is_finished: true, ...invocationMetrics({ usage }, timing) },
  ],
  whole: (text, { id, stopReason }) => ({
    generations: [{ finish_reason: nativeStopReasons[stopReason], id: `${id}-0`, text }],
    id,
    prompt: '',
  }),
};
