import type { StopReason, Usage } from '@bedrock-proxy/core';
import type { AnswerFormat } from './answer-format.js';
import { invocationMetrics } from './invocation-metrics.js';

const nativeStopReasons: Readonly<Record<StopReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool: 'tool_use',
  filter: 'content_filtered',
  error: 'malformed_model_output',
};

/** How Amazon Nova answers. A chunk is an event of the Converse API, as an object with the event's type as its member. */
export const novaAnswer: AnswerFormat = {
  opening: () => [{ messageStart: { role: 'assistant' } }],
  delta: (text) => ({ contentBlockDelta: { delta: { text }, contentBlockIndex: 0 } }),
  closing: ({ stopReason, usage }, timing) => [
    { contentBlockStop: { contentBlockIndex: 0 } },
    { messageStop: { stopReason: nativeStopReasons[stopReason] } },
    { metadata: { usage: counters(usage), metrics: {}, trace: {} }, ...invocationMetrics({ usage }, timing) },
  ],
  whole: (text, { stopReason, usage }) => ({
    output: { message: { content: [{ text }], role: 'assistant' } },
    stopReason: nativeStopReasons[stopReason],
    usage: { ...counters(usage), totalTokens: (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0) },
  }),
};

function counters(usage: Usage) {
  return {
    inputTokens: usage.inputTokens ?? 0,
    outputTokens: usage.outputTokens ?? 0,
    cacheReadInputTokenCount: usage.cacheReadTokens ?? 0,
    cacheWriteInputTokenCount: usage.cacheWriteTokens ?? 0,
  };
}
