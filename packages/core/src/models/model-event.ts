import type { Usage } from '../ports/model-invoker.js';

/** The neutral stop reason, which is the same for all families. */
export type StopReason = 'stop' | 'length' | 'tool' | 'filter' | 'error';

/** A piece of the text of an answer. It is never empty. */
export interface TextDelta {
  readonly type: 'text-delta';
  readonly text: string;
  /** The block of the piece, if the model numbers the blocks of an answer. */
  readonly index?: number;
}

/** A piece of the reasoning of a model, if the model separates it from the text. */
export interface ReasoningDelta {
  readonly type: 'reasoning-delta';
  readonly text: string;
  /** The block of the piece, if the model numbers the blocks of an answer. */
  readonly index?: number;
}

/** The signature of a block of reasoning. A client must send back both unchanged. */
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

/** A source that the model cites for its text. */
export interface Citation {
  readonly type: 'citation';
  readonly index: number;
  /** The citation in the format of the model. */
  readonly value: unknown;
}

/** The start of a tool call. Its deltas have the same `index`. */
export interface ToolCallStart {
  readonly type: 'tool-call-start';
  readonly index: number;
  readonly id: string;
  readonly name: string;
  /** Whether the model's host runs the tool itself: the client has nothing to call. */
  readonly runsAtHost?: true;
}

/** A piece of the arguments of a tool call. The joined pieces are JSON. */
export interface ToolCallDelta {
  readonly type: 'tool-call-delta';
  readonly index: number;
  readonly arguments: string;
}

/** The usage of the answer. There is at most one, just before `stream-end`. */
export interface UsageReport {
  readonly type: 'usage-report';
  readonly usage: Usage;
}

/** The end of a complete answer. It is always the last event. An answer that breaks off does not have it. */
export interface StreamEnd {
  readonly type: 'stream-end';
  /** Absent if the model gave no reason, or an unknown one. */
  readonly stopReason?: StopReason;
  /** The stop reason as the model gave it. */
  readonly nativeStopReason?: string;
  /** The guardrail action of Bedrock: `INTERVENED` or `NONE`. */
  readonly guardrailAction?: string;
}

/** A chunk of an unknown format, parsed but otherwise unchanged. */
export interface RawChunk {
  readonly type: 'raw';
  readonly value: unknown;
}

/** An event of a streamed answer. The events are the same for all models. */
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
