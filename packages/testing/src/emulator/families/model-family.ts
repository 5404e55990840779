import type { BlockAnswerFormat } from '../../answers/block-answer-format.js';
import type { Payload } from '../payload.js';
import type { ToolCall } from './tool-calls.js';

/** The parts of a request that an emulated model uses. */
export interface Prompt {
  /** The text of the last message. */
  readonly text: string;
  /** The tokens of the whole prompt, cached or not. */
  readonly inputTokens: number;
  readonly maxTokens: number;
  readonly stopSequences?: readonly string[];
  /** Whether a stream has the whole answer in one chunk. */
  readonly isOneChunk?: boolean;
  /** The kind of thinking before the answer. Absent without thinking. */
  readonly thinking?: 'signed' | 'unsigned' | 'hidden';
  /** The tool calls of the answer. */
  readonly calls?: readonly ToolCall[];
  /** Whether a text may come before the tool calls. */
  readonly mayAnnounce?: boolean;
  /** The prompt up to each of its cache points. */
  readonly cachedPrefixes?: readonly string[];
}

/** A family of models that the emulator can play. Each family has rows in `played-models.ts`. */
export interface ModelFamily {
  /** The format of its answers. A model whose format has no chunks refuses to stream. */
  readonly answer: BlockAnswerFormat;
  /** Reads the payload. Throws an `EmulatedException` if Bedrock would refuse it. */
  readPrompt(payload: Payload): Prompt;
}
