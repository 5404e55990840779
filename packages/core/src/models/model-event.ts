import type { Usage } from '../ports/model-invoker.js';

/** Why a model stopped, in one vocabulary for all families. */
export type StopReason = 'stop' | 'length' | 'tool' | 'filter' | 'error';

/** A piece of the answer's text channel; never empty. */
export interface TextDelta {
  readonly type: 'text-delta';
  readonly text: string;
  /** The block that it belongs to, for models that number the blocks of an answer. */
  readonly index?: number;
}

/** A piece of the model's reasoning, where it has a channel of its own. */
export interface ReasoningDelta {
  readonly type: 'reasoning-delta';
  readonly text: string;
  /** The block that it belongs to, for models that number the blocks of an answer. */
  readonly index?: number;
}

/** The signature of a block of reasoning. A client must send both back unchanged. */
export interface ReasoningSignature {
  readonly type: 'reasoning-signature';
  readonly index: number;
  readonly signature: string;
}

/** A block of reasoning that the model encrypted. A client must send it back unchanged. */
export interface ReasoningRedacted {
  readonly type: 'reasoning-redacted';
  readonly index: number;
  /** Base64, as the model sent it. */
  readonly data: string;
}

/** A source that the model names for its text. */
export interface Citation {
  readonly type: 'citation';
  readonly index: number;
  /** The citation in the model's own shape. */
  readonly value: unknown;
}

/** The model begins to call a tool; `index` ties its deltas to it. */
export interface ToolCallStart {
  readonly type: 'tool-call-start';
  readonly index: number;
  readonly id: string;
  readonly name: string;
}

/** A piece of a tool call's arguments, JSON once all of them are joined. */
export interface ToolCallDelta {
  readonly type: 'tool-call-delta';
  readonly index: number;
  readonly arguments: string;
}

/** The counts known at the end of the answer; at most one comes, just before `stream-end`. */
export interface UsageReport {
  readonly type: 'usage-report';
  readonly usage: Usage;
}

/** The model ended its answer. Always the last event, and never sent for an answer that broke off. */
export interface StreamEnd {
  readonly type: 'stream-end';
  /** Absent where the model ended without a reason. */
  readonly stopReason?: StopReason;
  /** The model's own word. */
  readonly nativeStopReason?: string;
  /** What a guardrail did, in Bedrock's words: `INTERVENED` or `NONE`. */
  readonly guardrailAction?: string;
}

/** A chunk of a shape that is not known, parsed but otherwise as it came. */
export interface RawChunk {
  readonly type: 'raw';
  readonly value: unknown;
}

/** What a streamed answer is made of, whatever the model. */
export type ModelEvent =
  | TextDelta
  | ReasoningDelta
  | ReasoningSignature
  | ReasoningRedacted
  | Citation
  | ToolCallStart
  | ToolCallDelta
  | UsageReport
  | StreamEnd
  | RawChunk;
