import type { AnswerFormat, AnswerSummary, AnswerTiming } from './answer-format.js';
import type { JsonDocument } from './json-bytes.js';
import type { WholeAnswerFormat } from './whole-answers.js';

/** A block of an answer, in the pieces in which it is streamed. */
export type AnswerBlock =
  /** Citations are in the model's own shape. They follow the text. */
  | { readonly type: 'text'; readonly pieces: readonly string[]; readonly citations?: readonly object[] }
  /** Without a signature for models that do not sign their thinking. */
  | { readonly type: 'thinking'; readonly pieces: readonly string[]; readonly signature?: string }
  | { readonly type: 'redacted'; readonly pieces: readonly string[]; readonly data: string }
  /** The pieces are the input in JSON, which breaks off if the tokens ran out. No pieces mean `{}`. */
  | { readonly type: 'tool'; readonly pieces: readonly string[]; readonly id: string; readonly name: string };

/** One block of a streamed answer, as JSON documents. */
export interface BlockDocuments {
  readonly start: readonly JsonDocument[];
  /** One for each piece; then the signature, the redacted data and the citations. */
  readonly deltas: readonly JsonDocument[];
  readonly stop: readonly JsonDocument[];
}

/** The documents of a streamed answer. */
export interface StreamFormat {
  opening(summary: AnswerSummary): readonly JsonDocument[];
  block(block: AnswerBlock, index: number): BlockDocuments;
  closing(summary: AnswerSummary, timing: AnswerTiming, blocks: readonly AnswerBlock[]): readonly JsonDocument[];
}

/** How a family of models puts blocks into JSON documents. */
export interface BlockAnswerFormat {
  whole(blocks: readonly AnswerBlock[], summary: AnswerSummary, timing: AnswerTiming): object;
  /** Absent if the model never streams. */
  readonly stream?: StreamFormat;
}

/** The pieces of a whole input. */
export function inputPieces(input: object): readonly string[] {
  return Object.keys(input).length === 0 ? [] : [JSON.stringify(input)];
}

/** The input of a tool call. An input that broke off is empty. */
export function toolInput({ pieces }: Pick<AnswerBlock, 'pieces'>): object {
  try {
    const input: unknown = JSON.parse(pieces.join(''));
    if (typeof input === 'object' && input !== null) return input;
  } catch {
    // The JSON broke off.
  }
  return {};
}

/** The format of models that answer with text only. */
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
