import { encodeChunkFrame, type FaultPosition, type HttpReply, streamReply } from '@bedrock-proxy/testing/emulator';

/** A streamed answer with known bytes, so that a fault can hit any of them. */
export interface PlayedAnswer {
  readonly text: string;
  readonly frames: readonly Uint8Array[];
  /** How many frames come before each position. */
  readonly framesBefore: Readonly<Record<FaultPosition, number>>;
  /** Answers one request. Each frame is a separate HTTP chunk. */
  reply(): HttpReply;
}

const pieces = ['Grüße, ', 'Wörld! ', '日本 ', '😀🏽 ', 'data: [DONE]\n\n', 'e\u0301nd\u2028.'];

/** An answer of Claude that contains non-ASCII text. */
export const playedAnswer: PlayedAnswer = playAnswer(pieces);

function playAnswer(texts: readonly string[]): PlayedAnswer {
  const opening = [
    { type: 'message_start', message: { id: 'm', role: 'assistant', usage: { input_tokens: 5, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ];
  const deltas = texts.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }));
  const closing = [
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
    { type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 5, outputTokenCount: 9 } },
  ];
  const frames = [...opening, ...deltas, ...closing].map((document) => encodeChunkFrame(document, 'abc'));
  const [first, text] = [opening.length, opening.length + Math.ceil(texts.length / 2)];
  return {
    text: texts.join(''),
    frames,
    framesBefore: { 'first-frame': 0, 'before-text': first, middle: text, 'after-end': frames.length },
    // A frame without meaning follows the end marker, so that a fault can hit it.
    reply: () => streamReply([...frames, encodeChunkFrame({ type: 'ping' }, 'abc')]),
  };
}

/** The offset of a frame on the wire, if each frame is one HTTP chunk. */
export function wireOffset({ frames }: PlayedAnswer, framesBefore: number): number {
  return frames.slice(0, framesBefore).reduce((offset, { length }) => offset + chunkHead(length) + length + 2, 0);
}

/** The length of the size line of an HTTP chunk. */
export function chunkHead(length: number): number {
  return length.toString(16).length + 2;
}
