import type { JsonObject } from './json-object.js';
import type { ReasoningDelta, TextDelta, ToolCallDelta, ToolCallStart, Usage } from './model-event.js';

/** What a chunk adds to the answer. */
export type ContentEvent = TextDelta | ReasoningDelta | ToolCallStart | ToolCallDelta;

/** An error that a model reports inside an ordinary chunk, in the model's own words. */
export interface InBandFailure {
  readonly type: string;
  readonly message: string;
}

/** What one family reads out of one chunk. Only output 0 counts, where a model was asked for several. */
export interface ChunkReading {
  readonly content?: readonly ContentEvent[];
  /** The model's own word for why it stopped; present only where the chunk ends output 0. */
  readonly stopReason?: string | undefined;
  /** Whether the chunk marks the end of the answer without naming a reason. */
  readonly endsAnswer?: boolean;
  /** The family's own counters. Later ones replace earlier ones, counter by counter. */
  readonly usage?: Usage | undefined;
  readonly failure?: InBandFailure;
}

/**
 * How one family of models speaks, in the chunks of a stream and in whole answers alike: pure, without state, chosen by shape and
 * never by the model's id.
 */
export interface ModelFamily {
  readonly name: string;
  /** Whether it answers in text. What the others stream is handed on as it came. */
  readonly isText: boolean;
  /** Whether the chunk has this family's shape. Families are asked in the order of the table in `model-families.ts`. */
  matches(chunk: JsonObject): boolean;
  read(chunk: JsonObject): ChunkReading;
}
