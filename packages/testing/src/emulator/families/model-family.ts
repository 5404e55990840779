import type { BlockAnswerFormat } from '../../answers/block-answer-format.js';
import type { Payload } from '../payload.js';
import type { ToolCall } from './tool-calls.js';

/** What an emulated model understands of a request. */
export interface Prompt {
  /** What was said to it last. */
  readonly text: string;
  /** Of the whole prompt, cached or not. */
  readonly inputTokens: number;
  readonly maxTokens: number;
  readonly stopSequences?: readonly string[];
  /** Whether a stream of this answer is the whole of it in one chunk. */
  readonly isOneChunk?: boolean;
  /** How it thinks before it answers; absent where it does not. */
  readonly thinking?: 'signed' | 'unsigned' | 'hidden';
  /** The tools that it is to call. */
  readonly calls?: readonly ToolCall[];
  /** Whether it may say something before it calls them. */
  readonly mayAnnounce?: boolean;
  /** The prompt up to each of its cache points. */
  readonly cachedPrefixes?: readonly string[];
  /** Whether a guardrail blocks it. */
  readonly isBlocked?: boolean;
}

/** A family of models that the emulator can play. Another one is another row in `played-models.ts`. */
export interface ModelFamily {
  /** How it answers. A model whose answers have no chunks refuses to stream. */
  readonly answer: BlockAnswerFormat;
  /** Reads the payload. Throws an `EmulatedException` for what Bedrock would refuse. */
  readPrompt(payload: Payload): Prompt;
}
