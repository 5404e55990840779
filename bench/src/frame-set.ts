import { encodeChunkFrame, encodeEventStreamFrame } from '../../packages/testing/dist/emulator/index.js';

/** The encoded frames of an answer. The stand-in sends `head`, then `pieces` in a loop, then `tail`. */
export interface FrameSet {
  readonly head: Uint8Array;
  readonly pieces: readonly Uint8Array[];
  readonly tail: Uint8Array;
}

const words = ' tok the quick brown fox said that the weather in Lisbon is fine today, “isn’t it?”\n'.split(/(?=\s)/);
const pieceCount = 200;
const padding = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const metrics = { inputTokenCount: 9, outputTokenCount: 99, invocationLatency: 900, firstByteLatency: 300 };
const usage = { input_tokens: 9, output_tokens: 99 };

/** The frames of an answer of Claude in the format of InvokeModel or Converse. The first word is the marker ` tok`. */
export function frameSet(api: 'invoke' | 'converse'): FrameSet {
  const texts = Array.from({ length: pieceCount }, (_, index) => words[index % words.length] ?? ' tok');
  const encode = (document: object, index = 0) =>
    api === 'invoke' ? encodeChunkFrame(document, padding.slice(0, 1 + ((index * 7) % 60))) : encodeEvent(document);
  const { head, piece, tail } = api === 'invoke' ? claude : converse;
  return {
    head: Buffer.concat(head.map((document) => encode(document))),
    pieces: texts.map((text, index) => encode(piece(text), index)),
    tail: Buffer.concat(tail.map((document) => encode(document))),
  };
}

const claude = {
  head: [
    { type: 'message_start', message: { id: 'msg_1', role: 'assistant', content: [], usage: { input_tokens: 9 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ],
  piece: (text: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  tail: [
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage },
    { type: 'message_stop', 'amazon-bedrock-invocationMetrics': metrics },
  ],
};

const converse = {
  head: [{ messageStart: { role: 'assistant' } }],
  piece: (text: string) => ({ contentBlockDelta: { contentBlockIndex: 0, delta: { text } } }),
  tail: [
    { contentBlockStop: { contentBlockIndex: 0 } },
    { messageStop: { stopReason: 'end_turn' } },
    { metadata: { usage: { inputTokens: 9, outputTokens: 99, totalTokens: 108 }, metrics: { latencyMs: 900 } } },
  ],
};

function encodeEvent(document: object): Uint8Array {
  const [[name = '', payload] = []] = Object.entries(document);
  return encodeEventStreamFrame(
    { ':event-type': name, ':content-type': 'application/json', ':message-type': 'event' },
    Buffer.from(JSON.stringify({ ...payload, p: padding.slice(0, 30) })),
  );
}
