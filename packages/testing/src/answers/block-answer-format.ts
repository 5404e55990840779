import type { AnswerFormat, AnswerSummary, AnswerTiming } from './answer-format.js';
import type { JsonDocument } from './json-bytes.js';
import type { WholeAnswerFormat } from './whole-answers.js';

/** A part of an answer, said in the pieces in which it is streamed. */
export type AnswerBlock =
  | { readonly type: 'text'; readonly pieces: readonly string[] }
  /** Models that do not sign their thinking leave the signature out. */
  | { readonly type: 'thinking'; readonly pieces: readonly string[]; readonly signature?: string }
  | { readonly type: 'redacted'; readonly pieces: readonly string[]; readonly data: string }
  /** The pieces are the input in JSON, which breaks off where the tokens ran out; none of them means `{}`. */
  | { readonly type: 'tool'; readonly pieces: readonly string[]; readonly id: string; readonly name: string };

/** One block of a streamed answer: a delta for each of its pieces, and the documents around them. */
export interface BlockDocuments {
  readonly start: readonly JsonDocument[];
  readonly deltas: readonly JsonDocument[];
  readonly stop: readonly JsonDocument[];
}

/** The documents of a streamed answer. */
export interface StreamFormat {
  opening(summary: AnswerSummary): readonly JsonDocument[];
  block(block: AnswerBlock, index: number): BlockDocuments;
  closing(summary: AnswerSummary, timing: AnswerTiming, blocks: readonly AnswerBlock[]): readonly JsonDocument[];
}

/** How one family of models puts blocks into JSON documents. */
export interface BlockAnswerFormat {
  whole(blocks: readonly AnswerBlock[], summary: AnswerSummary, timing: AnswerTiming): object;
  /** Absent where the model never streams. */
  readonly stream?: StreamFormat;
}

/** The input of a tool call; an empty one where it broke off. */
export function toolInput({ pieces }: Pick<AnswerBlock, 'pieces'>): unknown {
  try {
    return JSON.parse(pieces.join(''));
  } catch {
    return {};
  }
}

/** The format of models that say nothing but text. */
export function textOnly(format: AnswerFormat | WholeAnswerFormat): BlockAnswerFormat {
  const whole: BlockAnswerFormat['whole'] = (blocks, summary) => format.whole(textIn(blocks), summary);
  if (!('delta' in format)) return { whole };
  return {
    whole,
    stream: {
      opening: (summary) => format.opening(summary),
      block: ({ pieces }) => ({ start: [], deltas: pieces.map((piece) => format.delta(piece)), stop: [] }),
      closing: (summary, timing, blocks) => format.closing(summary, timing, textIn(blocks)),
    },
  };
}

function textIn(blocks: readonly AnswerBlock[]): string {
  return blocks.flatMap(({ pieces }) => pieces).join('');
}
