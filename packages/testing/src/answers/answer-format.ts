import type { StopReason, Usage } from '@bedrock-proxy/core';

/** What is known of an answer beside its text. */
export interface AnswerSummary {
  readonly id: string;
  readonly stopReason: StopReason;
  readonly usage: Usage;
}

/** What Bedrock measured of a streamed answer, in milliseconds. */
export interface AnswerTiming {
  readonly invocationLatency: number;
  readonly firstByteLatency: number;
}

/** How one family of models puts a text into JSON documents: as the chunks of a stream, or whole. */
export interface AnswerFormat {
  /** The chunks before the first text. */
  opening(summary: AnswerSummary): readonly object[];
  delta(text: string): object;
  /** The chunks after the last text, the end marker among them. */
  closing(summary: AnswerSummary, timing: AnswerTiming): readonly object[];
  whole(text: string, summary: AnswerSummary): object;
}
