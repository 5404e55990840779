import type { StopReason, Usage } from '@bedrock-proxy/core';
import type { AnswerFormat, AnswerSummary } from './answer-format.js';
import { invocationMetrics } from './invocation-metrics.js';
import type { JsonDocument } from './json-bytes.js';

/** What the models that answer in `choices` do each in their own way. */
export interface ChoicesStyle {
  /** Where a choice keeps its text: `delta` while it streams and `message` when whole, `message` always, or `text` always. */
  readonly text: 'delta' | 'message' | 'text';
  readonly reasonKey: 'finish_reason' | 'stop_reason';
  /** What the reason is before the end: null, or an empty string. */
  readonly noReason?: '';
  /** How a stream closes: with metrics on its last chunk, in a chunk of their own, or with the string `[DONE]` and none. */
  readonly closing: 'metrics' | 'metrics-apart' | 'done-word';
  /** Whether a whole answer counts its tokens. */
  readonly counts: boolean;
}

const nativeStopReasons: Readonly<Record<StopReason, string>> = {
  stop: 'stop',
  length: 'length',
  tool: 'tool_calls',
  filter: 'content_filter',
  error: 'error',
};

/** How a model answers that speaks in `choices`, in its own style. */
export function choicesAnswer(style: ChoicesStyle): AnswerFormat {
  const { reasonKey, noReason = null, closing, counts } = style;
  const streamed = (said: object, reason: string | null) => ({
    choices: [{ index: 0, ...said, [reasonKey]: reason }],
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
