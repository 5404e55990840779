import type { StopReason, Usage } from '@bedrock-proxy/core';
import type { AnswerSummary } from './answer-format.js';
import { type AnswerBlock, type BlockAnswerFormat, type StreamFormat, toolInput } from './block-answer-format.js';
import { invocationMetrics } from './invocation-metrics.js';

const nativeStopReasons: Readonly<Record<StopReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool: 'tool_use',
  filter: 'refusal',
  error: 'malformed_model_output',
};

const stream = {
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
  ],

  block(block, index) {
    const delta = (content: object) => ({ type: 'content_block_delta', index, delta: content });
    const start = (content: object) => ({ type: 'content_block_start', index, content_block: content });
    const stop = { type: 'content_block_stop', index };
    switch (block.type) {
      case 'text':
        return {
          start: [start({ type: 'text', text: '' })],
          deltas: [
            ...block.pieces.map((text) => delta({ type: 'text_delta', text })),
            ...(block.citations ?? []).map((citation) => delta({ type: 'citations_delta', citation })),
          ],
          stop: [stop],
        };
      case 'thinking':
        return {
          start: [start({ type: 'thinking', thinking: '', signature: '' })],
          deltas: [
            ...block.pieces.map((thinking) => delta({ type: 'thinking_delta', thinking })),
            delta({ type: 'signature_delta', signature: block.signature ?? '' }),
          ],
          stop: [stop],
        };
      case 'redacted':
        return { start: [start({ type: 'redacted_thinking', data: block.data })], deltas: [], stop: [stop] };
      case 'tool': {
        const input = (json: string) => delta({ type: 'input_json_delta', partial_json: json });
        return {
          start: [start({ type: 'tool_use', id: block.id, name: block.name, input: {} }), input('')],
          deltas: block.pieces.map(input),
          stop: [stop],
        };
      }
    }
  },

  closing: ({ usage, ...summary }, timing) => [
    { type: 'message_delta', delta: ending(summary), usage: { output_tokens: usage.outputTokens ?? 0 } },
    { type: 'message_stop', ...invocationMetrics({ usage }, timing) },
  ],
} satisfies StreamFormat;

/** How Claude answers in the messages API. */
export const claudeBlocks = {
  stream,
  whole: (blocks, { id, usage, ...summary }) => ({
    ...message(id),
    content: blocks.map(contentOf),
    ...ending(summary),
    usage: { ...inputUsage(usage), output_tokens: usage.outputTokens ?? 0 },
  }),
} satisfies BlockAnswerFormat;

function contentOf(block: AnswerBlock): object {
  const joined = block.pieces.join('');
  switch (block.type) {
    case 'text':
      return { type: 'text', text: joined, ...(block.citations && { citations: block.citations }) };
    case 'thinking':
      return { type: 'thinking', thinking: joined, signature: block.signature ?? '' };
    case 'redacted':
      return { type: 'redacted_thinking', data: block.data };
    case 'tool':
      return { type: 'tool_use', id: block.id, name: block.name, input: toolInput(block) };
  }
}

function message(id: string) {
  return { id: `msg_bdrk_${id}`, type: 'message', role: 'assistant', model: 'claude' };
}

function ending({ stopReason, stopSequence }: Pick<AnswerSummary, 'stopReason' | 'stopSequence'>) {
  return {
    stop_reason: stopSequence === undefined ? nativeStopReasons[stopReason] : 'stop_sequence',
    stop_sequence: stopSequence ?? null,
  };
}

function inputUsage(usage: Usage) {
  return {
    input_tokens: usage.inputTokens ?? 0,
    ...(usage.cacheReadTokens !== undefined && { cache_read_input_tokens: usage.cacheReadTokens }),
    ...(usage.cacheWriteTokens !== undefined && { cache_creation_input_tokens: usage.cacheWriteTokens }),
    ...(usage.cacheWrite1hTokens !== undefined && {
      cache_creation: { ephemeral_1h_input_tokens: usage.cacheWrite1hTokens },
    }),
  };
}
