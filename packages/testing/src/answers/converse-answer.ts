import type { StopReason, Usage } from '@bedrock-proxy/core';
import type { AnswerSummary, AnswerTiming } from './answer-format.js';
import { type AnswerBlock, type BlockAnswerFormat, type StreamFormat, toolInput } from './block-answer-format.js';

/** The parts of a Converse answer beside the message, as its request asks for them. */
export interface ConverseExtras {
  /** JSON pointers into the model's own answer. */
  readonly responseFieldPaths?: readonly string[];
  /** The guardrail's trace, the latency and the service tier of the request. */
  readonly echoed?: object;
}

const nativeStopReasons: Readonly<Record<StopReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool: 'tool_use',
  // The emulated models refuse nothing themselves.
  filter: 'guardrail_intervened',
  error: 'malformed_model_output',
};

/** How every model answers in the Converse API. Its events are objects of one member: the type and the payload of a frame. */
export function converseAnswer({ responseFieldPaths = [], echoed }: ConverseExtras = {}): Required<BlockAnswerFormat> {
  const ending = ({ stopReason, stopSequence }: AnswerSummary) => {
    const fields = responseFieldPaths.flatMap((path) => responseField(path, stopSequence ?? null));
    return {
      stopReason: stopSequence === undefined ? nativeStopReasons[stopReason] : 'stop_sequence',
      ...(fields.length > 0 && { additionalModelResponseFields: Object.assign({}, ...fields) }),
    };
  };
  const report = ({ usage }: AnswerSummary, { invocationLatency }: AnswerTiming) => ({
    usage: counters(usage),
    metrics: { latencyMs: invocationLatency },
    ...echoed,
  });
  return {
    whole: (blocks, summary, timing) => ({
      output: { message: { role: 'assistant', content: blocks.map(contentOf) } },
      ...ending(summary),
      ...report(summary, timing),
    }),
    stream: {
      opening: () => [{ messageStart: { role: 'assistant' } }],
      block,
      closing: (summary, timing) => [{ messageStop: ending(summary) }, { metadata: report(summary, timing) }],
    },
  };
}

const block: StreamFormat['block'] = (said, contentBlockIndex) => {
  const delta = (content: object) => ({ contentBlockDelta: { contentBlockIndex, delta: content } });
  const reasoning = (content: object) => delta({ reasoningContent: content });
  const stop = { contentBlockStop: { contentBlockIndex } };
  switch (said.type) {
    case 'text':
      return { start: [], deltas: said.pieces.map((text) => delta({ text })), stop: [stop] };
    case 'thinking': {
      const signed = said.signature === undefined ? [] : [reasoning({ signature: said.signature })];
      return { start: [], deltas: said.pieces.map((text) => reasoning({ text })), stop: [...signed, stop] };
    }
    case 'redacted':
      return { start: [], deltas: [], stop: [reasoning({ redactedContent: said.data }), stop] };
    case 'tool': {
      const start = { toolUse: { toolUseId: said.id, name: said.name } };
      const input = (json: string) => delta({ toolUse: { input: json } });
      return {
        start: [{ contentBlockStart: { contentBlockIndex, start } }, input('')],
        deltas: said.pieces.map(input),
        stop: [stop],
      };
    }
  }
};

function contentOf(said: AnswerBlock): object {
  const text = said.pieces.join('');
  switch (said.type) {
    case 'text':
      return { text };
    case 'thinking':
      return { reasoningContent: { reasoningText: { text, ...(said.signature && { signature: said.signature }) } } };
    case 'redacted':
      return { reasoningContent: { redactedContent: said.data } };
    case 'tool':
      return { toolUse: { toolUseId: said.id, name: said.name, input: toolInput(said) } };
  }
}

/** The one field of Claude that clients ask for; where a whole answer holds it is UNCONFIRMED, so both places are played. */
function responseField(path: string, stopSequence: string | null): readonly object[] {
  if (path === '/stop_sequence') return [{ stop_sequence: stopSequence }];
  return path === '/delta/stop_sequence' ? [{ delta: { stop_sequence: stopSequence } }] : [];
}

function counters({ inputTokens = 0, outputTokens = 0, cacheReadTokens, cacheWriteTokens }: Usage) {
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0),
    ...(cacheReadTokens !== undefined && { cacheReadInputTokens: cacheReadTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteInputTokens: cacheWriteTokens }),
    serverToolUsage: {},
  };
}
