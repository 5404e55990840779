import type { Usage } from '../ports/model-invoker.js';
import { countAt, isJsonObject, type JsonObject } from './json-object.js';
import type { ModelEvent, RawChunk, StreamEnd, ToolCallStart, UsageReport } from './model-event.js';

/** An event that a chunk adds to the answer. */
export type ContentEvent = Exclude<ModelEvent, UsageReport | StreamEnd | RawChunk>;

/** The content of one chunk. If a model returns several outputs, only output 0 is read. */
export interface ChunkReading {
  readonly content?: readonly ContentEvent[];
  /** Whether the text field of the chunk holds something that is neither text nor a list of parts with text. */
  readonly hasUnreadText?: boolean | undefined;
  /** Whether the content is the whole answer. It is not read if the chunks before it had content. */
  readonly isWhole?: boolean;
  /** The native stop reason. Present only if the chunk ends output 0. */
  readonly stopReason?: string | undefined;
  /** Whether the chunk ends the answer without a stop reason. */
  readonly endsAnswer?: boolean;
  /** Whether the chunk ends the answer unless more text of output 0 follows. */
  readonly endsSoftly?: boolean;
  /** The usage in the chunk. Each counter replaces its earlier value, unless it is zero. */
  readonly usage?: Usage | undefined;
  /** Whether the output count in `usage` is only a first estimate of the model. */
  readonly isFirstUsage?: boolean;
}

/**
 * The format of one family of models, for the chunks of a stream and for whole answers. Its functions are pure. A family is detected by
 * the shape of a chunk, never by the model id.
 */
export interface ModelFamily {
  readonly name: string;
  /** Whether the family answers with text. Chunks of other families are passed on unchanged. */
  readonly isText: boolean;
  /** Whether the chunk has the shape of this family. `detectFamily` defines the order of the families. */
  matches(chunk: JsonObject): boolean;
  read(chunk: JsonObject): ChunkReading;
}

/** The events of a chunk that adds nothing to the answer. */
export const noContent: readonly ContentEvent[] = [];

/** A piece of text; no event if `text` is empty or not a string. `index` is its block, if the model numbers blocks. */
export function textContent(text: unknown, index?: number): readonly ContentEvent[] {
  if (typeof text !== 'string' || text === '') return noContent;
  return [index === undefined ? { type: 'text-delta', text } : { type: 'text-delta', text, index }];
}

/** A piece of reasoning; no event if `text` is empty or not a string. `index` is its block, if the model numbers blocks. */
export function reasoningContent(text: unknown, index?: number): readonly ContentEvent[] {
  if (typeof text !== 'string' || text === '') return noContent;
  return [index === undefined ? { type: 'reasoning-delta', text } : { type: 'reasoning-delta', text, index }];
}

/** The signature of a block of reasoning; no event if it is empty or not a string. */
export function reasoningSignature(signature: unknown, index: number): readonly ContentEvent[] {
  if (typeof signature !== 'string' || signature === '') return noContent;
  return [{ type: 'reasoning-signature', index, signature }];
}

/** A block of encrypted reasoning; no event if it is empty or not a string. */
export function reasoningRedacted(data: unknown, index: number): readonly ContentEvent[] {
  return typeof data === 'string' && data !== '' ? [{ type: 'reasoning-redacted', index, data }] : noContent;
}

/** A citation in the format of the model; no event if there is none. */
export function citation(value: unknown, index: number): readonly ContentEvent[] {
  return isJsonObject(value) ? [{ type: 'citation', index, value }] : noContent;
}

/** The start of a tool call. A missing id or name becomes an empty string. */
export function toolCallStart(index: number, id: unknown, name: unknown): ToolCallStart {
  return {
    type: 'tool-call-start',
    index,
    id: typeof id === 'string' ? id : '',
    name: typeof name === 'string' ? name : '',
  };
}

/** A piece of the arguments of a tool call; no event if it is empty or not a string. */
export function toolCallArguments(index: number, json: unknown): readonly ContentEvent[] {
  return typeof json === 'string' && json !== '' ? [{ type: 'tool-call-delta', index, arguments: json }] : noContent;
}

/** A tool call in one piece. `input` is an object or JSON text. */
export function wholeToolCall(index: number, id: unknown, name: unknown, input: unknown): readonly ContentEvent[] {
  const json = typeof input === 'string' ? input : JSON.stringify(input ?? {});
  return [toolCallStart(index, id, name), ...toolCallArguments(index, json)];
}

/** The key of each counter in a native usage object. */
export type UsageKeys = Readonly<Partial<Record<keyof Usage, string>>>;

/** The counters that were looked up; undefined if they are missing. */
export type FoundCounters = { readonly [Counter in keyof Usage]?: number | undefined };

/** The counters of a usage. */
export const counters = [
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'cacheWrite1hTokens',
] as const;

/** The usage with the counters that are defined; undefined if none is. */
export function usageOf(found: FoundCounters): Usage | undefined {
  let usage: { -readonly [Counter in keyof Usage]: number } | undefined;
  for (const counter of counters) {
    const count = found[counter];
    if (count === undefined) continue;
    usage ??= {};
    usage[counter] = count;
  }
  return usage;
}

/** Reads the counters at `keys`; undefined if there are none. */
export function readUsage(holder: unknown, keys: UsageKeys): Usage | undefined {
  if (!isJsonObject(holder)) return undefined;
  const count = (key: string | undefined) => (key === undefined ? undefined : countAt(holder, key));
  return usageOf({
    inputTokens: count(keys.inputTokens),
    outputTokens: count(keys.outputTokens),
    cacheReadTokens: count(keys.cacheReadTokens),
    cacheWriteTokens: count(keys.cacheWriteTokens),
    cacheWrite1hTokens: count(keys.cacheWrite1hTokens),
  });
}

/** The usage after a later report. Its counters replace the earlier ones, but a zero replaces nothing: some reports count nothing. */
export function mergeUsage(earlier: Usage, later: Usage): Usage {
  const merged: { -readonly [Counter in keyof Usage]: number } = { ...earlier };
  for (const counter of counters) {
    const count = later[counter];
    if (count !== undefined && (count > 0 || merged[counter] === undefined)) merged[counter] = count;
  }
  return merged;
}

/**
 * The usage with the largest of these final output counts. Model and Bedrock may differ: Bedrock leaves out some tokens of tool calls.
 * Without a final count, or with zeros only, the usage is returned unchanged.
 */
export function withLargestOutput(usage: Usage, ...finalCounts: readonly (number | undefined)[]): Usage {
  const largest = Math.max(...finalCounts.map((count) => count ?? 0));
  return largest === 0 ? usage : { ...usage, outputTokens: largest };
}

/** What the text field of a chunk or of a block holds. */
export interface TextReading {
  readonly content: readonly ContentEvent[];
  /** Whether the field holds something that is neither text nor a list of parts with text. */
  readonly hasUnreadText?: boolean;
}

const nothing: TextReading = { content: noContent };

/** Reads a text field: a string, or a list of parts. `index` is the block of the text, if the model numbers blocks. */
export function readText(value: unknown, index?: number): TextReading {
  if (typeof value === 'string') return { content: textContent(value, index) };
  if (Array.isArray(value)) return joinTexts(value.map((part) => readPart(part, index)));
  return isEmpty(value) ? nothing : { content: noContent, hasUnreadText: true };
}

/** Several readings as one. */
export function joinTexts(readings: readonly TextReading[]): TextReading {
  const content = readings.flatMap((reading) => reading.content);
  return readings.some(({ hasUnreadText }) => hasUnreadText) ? { content, hasUnreadText: true } : { content };
}

/** A part of a list, as the reasoning models of Mistral send it. The thinking of a part is text or a list of text parts. */
function readPart(part: unknown, index: number | undefined): TextReading {
  if (!isJsonObject(part)) return isEmpty(part) ? nothing : { content: noContent, hasUnreadText: true };
  if (part.type === 'thinking' && typeof part.thinking === 'string') {
    return { content: reasoningContent(part.thinking, index) };
  }
  if (part.type === 'thinking' && Array.isArray(part.thinking)) {
    const texts = part.thinking.map((each) => (isJsonObject(each) ? each.text : each));
    return { content: texts.flatMap((text) => reasoningContent(text, index)) };
  }
  if (typeof part.text === 'string') return { content: textContent(part.text, index) };
  return isEmpty(part) ? nothing : { content: noContent, hasUnreadText: true };
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
