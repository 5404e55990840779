import type { AnswerFormat } from '../../answers/answer-format.js';
import type { WholeAnswerFormat } from '../../answers/whole-answers.js';

/** What an emulated model understands of a request. */
export interface Prompt {
  /** What was said to it last. */
  readonly text: string;
  readonly inputTokens: number;
  readonly maxTokens: number;
  /** Whether a stream of this answer is the whole of it in one chunk. */
  readonly isOneChunk?: boolean;
}

/** A family of models that the emulator can play. Another one is another row in `played-models.ts`. */
export interface ModelFamily {
  /** How it answers. A model whose answers have no chunks refuses to stream. */
  readonly answer: AnswerFormat | WholeAnswerFormat;
  /** Reads the payload. Throws an `EmulatedException` for what Bedrock would refuse. */
  readPrompt(payload: Readonly<Record<string, unknown>>): Prompt;
}
