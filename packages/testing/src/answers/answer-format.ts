import type { StopReason, Usage } from '@bedrock-proxy/core';
import type { JsonDocument } from './json-bytes.js';

/** What is known of an answer beside its text. */
export interface AnswerSummary {
  readonly id: string;
  readonly stopReason: StopReason;
  readonly usage: Usage;
  /** The stop sequence of the request at which the answer ended. */
  readonly stopSequence?: string;
}

/** What Bedrock measured of a streamed answer, in milliseconds. */
export interface AnswerTiming {
  readonly invocationLatency: number;
  readonly firstByteLatency: number;
}

/** How one family of models puts a text into JSON documents: as the chunks of a stream, or whole. */
export interface AnswerFormat {
  /** The chunks before the first text. */
  opening(summary: AnswerSummary): readonly JsonDocument[];
  delta(text: string): JsonDocument;
  /** The chunks after the last text, the end marker among them; some models repeat the whole `text` there. */
  closing(summary: AnswerSummary, timing: AnswerTiming, text: string): readonly JsonDocument[];
  whole(text: string, summary: AnswerSummary): object;
}
