import { encodeChunkFrame, type HttpReply, type ReplyPart, streamReply } from '../../emulator/index.js';

/** What the emulated Claude reports of its answers, as the log is to have it. */
export const claudeReport = {
  stopReason: 'end_turn',
  inputTokens: 12,
  outputTokens: 3,
  cacheReadTokens: 4,
  cacheWriteTokens: 5,
};

const usage = { input_tokens: 12, cache_read_input_tokens: 4, cache_creation_input_tokens: 5, output_tokens: 3 };
const message = { id: 'msg_conformance', type: 'message', role: 'assistant', model: 'claude' };

/** Claude's whole answer. */
export const claudeAnswer = { ...message, content: [{ type: 'text', text: 'Hello' }], stop_reason: 'end_turn', usage };

const opening = [
  {
    type: 'message_start',
    message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
].map((chunk) => encodeChunkFrame(chunk));

const closing = [
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } },
  {
    type: 'message_stop',
    'amazon-bedrock-invocationMetrics': {
      inputTokenCount: 12,
      outputTokenCount: 3,
      cacheReadInputTokenCount: 4,
      cacheWriteInputTokenCount: 5,
      invocationLatency: 20,
      firstByteLatency: 10,
    },
  },
].map((chunk) => encodeChunkFrame(chunk));

/** A streamed answer of Claude, a delta for each text; `more` comes after its end marker. */
export function claudeStream(texts: readonly string[], ...more: readonly ReplyPart[]): HttpReply {
  return streamReply([...opening, ...deltas(texts), ...closing, ...more]);
}

/** The same without its end marker: after the texts comes `more`, and then the end of the body. */
export function brokenClaudeStream(texts: readonly string[], ...more: readonly ReplyPart[]): HttpReply {
  return streamReply([...opening, ...deltas(texts), ...more]);
}

/** The same with its end marker, the last text and what follows held back until `release` resolves. */
export function heldClaudeStream(texts: readonly string[], release: Promise<void>): HttpReply {
  async function* parts(): AsyncGenerator<ReplyPart> {
    yield* [...opening, ...deltas(texts.slice(0, -1))];
    await release;
    yield* [...deltas(texts.slice(-1)), ...closing];
  }
  return streamReply(parts());
}

/** A streamed answer that is silent for so many milliseconds before its head, and again before its last text. */
export function slowClaudeStream(texts: readonly string[], silenceMs: number): HttpReply {
  const said = [
    ...opening,
    ...deltas(texts.slice(0, -1)),
    { pauseMs: silenceMs },
    ...deltas(texts.slice(-1)),
    ...closing,
  ];
  return { ...streamReply(said), headDelayMs: silenceMs };
}

function deltas(texts: readonly string[]): ReplyPart[] {
  return texts.map((text) =>
    encodeChunkFrame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  );
}
