import type { AnswerFormat } from '../../answers/answer-format.js';

/** What an emulated model understands of a request. */
export interface Prompt {
  /** What was said to it last. */
  readonly text: string;
  readonly inputTokens: number;
  readonly maxTokens: number;
}

/** A family of models that the emulator can play. Another one is another file like this, entered in `family-of.ts`. */
export interface ModelFamily {
  readonly answer: AnswerFormat;
  /** Reads the payload. Throws an `EmulatedException` for what Bedrock would refuse. */
  readPrompt(payload: Readonly<Record<string, unknown>>): Prompt;
}
