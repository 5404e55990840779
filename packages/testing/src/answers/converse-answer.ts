import type { StopReason, Usage } from '@bedrock-proxy/core';
import type { AnswerSummary, AnswerTiming } from './answer-format.js';
import {
  type AnswerBlock,
  type BlockAnswerFormat,
  inputPieces,
  type StreamFormat,
  toolInput,
} from './block-answer-format.js';

/** The parts of a Converse answer beside the message, as its request asks for them. */
export interface ConverseExtras {
  /** JSON pointers into the model's own answer. */
  readonly responseFieldPaths?: readonly string[];
  /** The guardrail's trace, the latency and the service tier of the request. */
  readonly echoed?: object;
  /** A stop reason in Converse's words; by default that of the summary. */
  readonly stopReason?: string;
}

/** A content block of a Converse answer. */
export type ConverseContent =
  | { readonly text: string }
  | { readonly reasoningContent: ConverseReasoning }
  | { readonly toolUse: { readonly toolUseId: string; readonly name: string; readonly input: object } }
  | {
      readonly citationsContent: {
        readonly content: readonly { readonly text: string }[];
        readonly citations: readonly object[];
      };
    };

/** The reasoning of a Converse answer: a text, or data in base64 that only the model can read. */
export type ConverseReasoning =
  | { readonly reasoningText: { readonly text: string; readonly signature?: string } }
  | { readonly redactedContent: string };

const nativeStopReasons: Readonly<Record<StopReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool: 'tool_use',
  // In Converse, only a guardrail filters an emulated answer.
  filter: 'guardrail_intervened',
  error: 'malformed_model_output',
};

/** How every model answers in the Converse API. An event is an object with one member: the type and the payload of a frame. */
export function converseAnswer(extras: ConverseExtras = {}): Required<BlockAnswerFormat> {
  const { responseFieldPaths = [], echoed } = extras;
  const ending = ({ stopReason, stopSequence }: AnswerSummary) => {
    const fields = responseFieldPaths.flatMap((path) => responseField(path, stopSequence ?? null));
    return {
      stopReason: extras.stopReason ?? (stopSequence === undefined ? nativeStopReasons[stopReason] : 'stop_sequence'),
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
      block: blockDocuments,
      closing: (summary, timing) => [{ messageStop: ending(summary) }, { metadata: report(summary, timing) }],
    },
  };
}

/** A content block of Converse, to be streamed with one delta for each of its texts. */
export function converseBlock(content: ConverseContent): AnswerBlock {
  if ('text' in content) return { type: 'text', pieces: [content.text] };
  if ('toolUse' in content) {
    const { toolUseId, name, input } = content.toolUse;
    return { type: 'tool', pieces: inputPieces(input), id: toolUseId, name };
  }
  if ('citationsContent' in content) {
    const { content: texts, citations } = content.citationsContent;
    return { type: 'text', pieces: texts.map(({ text }) => text), citations };
  }
  const { reasoningContent } = content;
  if ('redactedContent' in reasoningContent) {
    return { type: 'redacted', pieces: [], data: reasoningContent.redactedContent };
  }
  const { text, signature } = reasoningContent.reasoningText;
  return { type: 'thinking', pieces: [text], ...(signature !== undefined && { signature }) };
}

const blockDocuments: StreamFormat['block'] = (block, contentBlockIndex) => {
  const delta = (content: object) => ({ contentBlockDelta: { contentBlockIndex, delta: content } });
  const reasoning = (content: object) => delta({ reasoningContent: content });
  const stop = { contentBlockStop: { contentBlockIndex } };
  switch (block.type) {
    case 'text':
      return {
        start: [],
        deltas: [
          ...block.pieces.map((text) => delta({ text })),
          ...(block.citations ?? []).map((citation) => delta({ citation })),
        ],
        stop: [stop],
      };
    case 'thinking':
      return {
        start: [],
        deltas: [
          ...block.pieces.map((text) => reasoning({ text })),
          ...(block.signature === undefined ? [] : [reasoning({ signature: block.signature })]),
        ],
        stop: [stop],
      };
    case 'redacted':
      return { start: [], deltas: [reasoning({ redactedContent: block.data })], stop: [stop] };
    case 'tool': {
      const start = { toolUse: { toolUseId: block.id, name: block.name } };
      const input = (json: string) => delta({ toolUse: { input: json } });
      return {
        start: [{ contentBlockStart: { contentBlockIndex, start } }, input('')],
        deltas: block.pieces.map(input),
        stop: [stop],
      };
    }
  }
};

function contentOf(block: AnswerBlock): ConverseContent {
  const text = block.pieces.join('');
  switch (block.type) {
    case 'text':
      if (block.citations === undefined) return { text };
      return {
        citationsContent: { content: block.pieces.map((piece) => ({ text: piece })), citations: block.citations },
      };
    case 'thinking':
      return { reasoningContent: { reasoningText: { text, ...(block.signature && { signature: block.signature }) } } };
    case 'redacted':
      return { reasoningContent: { redactedContent: block.data } };
    case 'tool':
      return { toolUse: { toolUseId: block.id, name: block.name, input: toolInput(block) } };
  }
}

/** The one field of Claude that clients ask for. Its place in a whole answer is UNCONFIRMED, so it has both. */
function responseField(path: string, stopSequence: string | null): readonly object[] {
  if (path === '/stop_sequence') return [{ stop_sequence: stopSequence }];
  return path === '/delta/stop_sequence' ? [{ delta: { stop_sequence: stopSequence } }] : [];
}

function counters(usage: Usage) {
  const { inputTokens = 0, outputTokens = 0, cacheReadTokens, cacheWriteTokens, cacheWrite1hTokens } = usage;
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0),
    ...(cacheReadTokens !== undefined && { cacheReadInputTokens: cacheReadTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteInputTokens: cacheWriteTokens }),
    ...(cacheWrite1hTokens !== undefined && { cacheDetails: [{ ttl: '1h', inputTokens: cacheWrite1hTokens }] }),
    serverToolUsage: {},
  };
}
