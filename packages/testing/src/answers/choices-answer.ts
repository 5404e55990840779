import type { StopReason, Usage } from '@bedrock-proxy/core';
import type { AnswerFormat, AnswerSummary } from './answer-format.js';
import { invocationMetrics } from './invocation-metrics.js';
import type { JsonDocument } from './json-bytes.js';

/** The differences between models that answer in `choices`. */
export interface ChoicesStyle {
  /** The member of a choice that has the text. `delta` stands for `delta` in a stream and `message` in a whole answer. */
  readonly text: 'delta' | 'message' | 'text';
  readonly reasonKey: 'finish_reason' | 'stop_reason';
  /** The reason before the end; null by default. */
  readonly noReason?: '';
  /** The end of a stream: metrics in the last chunk, metrics in a chunk of their own, or the string `[DONE]` without metrics. */
  readonly closing: 'metrics' | 'metrics-apart' | 'done-word';
  /** Whether a whole answer has token counts. */
  readonly counts: boolean;
}

const nativeStopReasons: Readonly<Record<StopReason, string>> = {
  stop: 'stop',
  length: 'length',
  tool: 'tool_calls',
  filter: 'content_filter',
  error: 'error',
};

/** The format of a model that answers in `choices`. */
export function choicesAnswer(style: ChoicesStyle): AnswerFormat {
  const { reasonKey, noReason = null, closing, counts } = style;
  const streamed = (content: object, reason: string | null) => ({
    choices: [{ index: 0, ...content, [reasonKey]: reason }],
  });
  const piece = (content: string) => (style.text === 'text' ? { text: content } : { [style.text]: { content } });

  return {
    opening: () => (style.text === 'delta' ? [streamed({ delta: { role: 'assistant', content: '' } }, noReason)] : []),
    delta: (text) => streamed(piece(text), noReason),
    closing(summary, timing): readonly JsonDocument[] {
      const last = streamed(style.text === 'delta' ? { delta: {} } : piece(''), nativeStopReasons[summary.stopReason]);
      const metrics = invocationMetrics(summary, timing);
      if (closing === 'metrics') return [{ ...last, ...metrics }];
      return closing === 'metrics-apart' ? [last, metrics] : [{ ...last, usage: counters(summary.usage) }, '"[DONE]"'];
    },
    whole: (text, { id, stopReason, usage }: AnswerSummary) => ({
      id: `chatcmpl-${id}`,
      choices: [
        {
          index: 0,
          ...(style.text === 'text' ? { text } : { message: { role: 'assistant', content: text } }),
          [reasonKey]: nativeStopReasons[stopReason],
        },
      ],
      ...(counts && { usage: counters(usage) }),
    }),
  };
}

function counters({ inputTokens = 0, outputTokens = 0 }: Usage) {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}
