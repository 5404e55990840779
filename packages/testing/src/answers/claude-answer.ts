import type { StopReason, Usage } from '@bedrock-proxy/core';
import type { AnswerFormat } from './answer-format.js';
import { invocationMetrics } from './invocation-metrics.js';

const nativeStopReasons: Readonly<Record<StopReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool: 'tool_use',
  filter: 'refusal',
  error: 'malformed_model_output',
};

/** How Claude answers in the messages API. */
export const claudeAnswer = {
  opening: ({ id, usage }) => [
    {
      type: 'message_start',
      message: {
        ...message(id),
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { ...inputUsage(usage), output_tokens: 1 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ],

  delta: (text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),

  closing: ({ stopReason, usage }, timing) => [
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: nativeStopReasons[stopReason], stop_sequence: null },
      usage: { output_tokens: usage.outputTokens ?? 0 },
    },
    {
      type: 'message_stop',
      ...invocationMetrics({ usage }, timing),
    },
  ],

  whole: (text, { id, stopReason, usage }) => ({
    ...message(id),
    content: text === '' ? [] : [{ type: 'text', text }],
    stop_reason: nativeStopReasons[stopReason],
    stop_sequence: null,
    usage: { ...inputUsage(usage), output_tokens: usage.outputTokens ?? 0 },
  }),
} satisfies AnswerFormat;

function message(id: string) {
  return { id: `msg_bdrk_${id}`, type: 'message', role: 'assistant', model: 'claude' };
}

function inputUsage(usage: Usage) {
  return {
    input_tokens: usage.inputTokens ?? 0,
    ...(usage.cacheReadTokens !== undefined && { cache_read_input_tokens: usage.cacheReadTokens }),
    ...(usage.cacheWriteTokens !== undefined && { cache_creation_input_tokens: usage.cacheWriteTokens }),
  };
}
