import type { StopReason } from '@bedrock-proxy/core';
import type { AnswerFormat } from './answer-format.js';
import { invocationMetrics } from './invocation-metrics.js';

const nativeStopReasons: Readonly<Record<StopReason, string>> = {
  stop: 'FINISH',
  length: 'LENGTH',
  tool: 'FINISH',
  filter: 'CONTENT_FILTERED',
  error: 'ERROR',
};

const running = { index: 0, totalOutputTextTokenCount: null, completionReason: null, inputTextTokenCount: null };

/** How Amazon Titan Text answers. The first chunk has the input tokens, and the last one has the output tokens. */
export const titanAnswer: AnswerFormat = {
  opening: ({ usage }) => [{ ...running, outputText: '\n', inputTextTokenCount: usage.inputTokens ?? 0 }],
  delta: (outputText) => ({ ...running, outputText }),
  closing: ({ stopReason, usage }, timing) => [
    {
      ...running,
      outputText: '',
      totalOutputTextTokenCount: usage.outputTokens ?? 0,
      completionReason: nativeStopReasons[stopReason],
      ...invocationMetrics({ usage }, timing),
    },
  ],
  whole: (text, { stopReason, usage }) => ({
    inputTextTokenCount: usage.inputTokens ?? 0,
    results: [
      {
        tokenCount: usage.outputTokens ?? 0,
        outputText: `\n${text}`,
        completionReason: nativeStopReasons[stopReason],
      },
    ],
  }),
};
