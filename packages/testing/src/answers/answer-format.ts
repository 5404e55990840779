import type { StopReason, Usage } from '@bedrock-proxy/core';
import type { JsonDocument } from './json-bytes.js';

/** The facts of an answer apart from its content. */
export interface AnswerSummary {
  readonly id: string;
  readonly stopReason: StopReason;
  readonly usage: Usage;
  /** The stop sequence of the request at which the answer ended. */
  readonly stopSequence?: string;
}

/** Bedrock's measurements of an answer, in milliseconds. */
export interface AnswerTiming {
  readonly invocationLatency: number;
  readonly firstByteLatency: number;
}

/** How a family of models puts a text into JSON documents: the chunks of a stream, or a whole answer. */
export interface AnswerFormat {
  /** The chunks before the first text. */
  opening(summary: AnswerSummary): readonly JsonDocument[];
  delta(text: string): JsonDocument;
  /** The chunks after the last text, with the end marker. Some models repeat the whole `text` there. */
  closing(summary: AnswerSummary, timing: AnswerTiming, text: string): readonly JsonDocument[];
  whole(text: string, summary: AnswerSummary): object;
}
