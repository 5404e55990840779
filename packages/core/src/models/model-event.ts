/** Token counts as far as model or Bedrock reported them. `inputTokens` excludes cached ones. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
}

/** Why a model stopped, in one vocabulary for all families. */
export type StopReason = 'stop' | 'length' | 'tool' | 'filter' | 'error';

/** A piece of the answer's text channel; never empty. */
export interface TextDelta {
  readonly type: 'text-delta';
  readonly text: string;
}

/** A piece of the model's reasoning, where it has a channel of its own. */
export interface ReasoningDelta {
  readonly type: 'reasoning-delta';
  readonly text: string;
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
  | ToolCallStart
  | ToolCallDelta
  | UsageReport
  | StreamEnd
  | RawChunk;
