import type { StopReason } from '@bedrock-proxy/core';
import type { AnswerFormat, AnswerSummary } from './answer-format.js';
import { invocationMetrics } from './invocation-metrics.js';

const nativeStopReasons: Readonly<Record<StopReason, string>> = {
  stop: 'COMPLETE',
  length: 'MAX_TOKENS',
  tool: 'COMPLETE',
  filter: 'ERROR_TOXIC',
  error: 'ERROR',
};
/** Cohere adds these tokens to a prompt. It counts them and does not bill them. */
const framingTokens = 66;

/** How Cohere Command R answers. Its last chunk repeats the whole text. */
export const commandRAnswer: AnswerFormat = {
  opening: ({ id }) => [{ is_finished: false, event_type: 'stream-start', generation_id: id }],
  delta: (text) => ({ is_finished: false, event_type: 'text-generation', text }),
  closing: (summary, timing, text) => [
    {
      is_finished: true,
      event_type: 'stream-end',
      response: whole(text, summary),
      finish_reason: nativeStopReasons[summary.stopReason],
      ...invocationMetrics(summary, timing),
    },
  ],
  whole,
};

function whole(text: string, { id, stopReason, usage: { inputTokens = 0, outputTokens = 0 } }: AnswerSummary) {
  return {
    response_id: `response-${id}`,
    text,
    generation_id: id,
    finish_reason: nativeStopReasons[stopReason],
    meta: {
      api_version: { version: '1' },
      billed_units: { input_tokens: inputTokens, output_tokens: outputTokens },
      tokens: { input_tokens: inputTokens + framingTokens, output_tokens: outputTokens + 1 },
    },
  };
}
