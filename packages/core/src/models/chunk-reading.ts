import type { Usage } from '../ports/model-invoker.js';
import { countAt, isJsonObject, type JsonObject } from './json-object.js';
import type { ModelEvent, RawChunk, StreamEnd, UsageReport } from './model-event.js';

/** What a chunk adds to the answer. */
export type ContentEvent = Exclude<ModelEvent, UsageReport | StreamEnd | RawChunk>;

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

/** A chunk that adds nothing to the answer. */
export const noContent: readonly ContentEvent[] = [];

/** A piece of the text channel, of the block `index` if the model numbers them; nothing if `text` is empty or not a string. */
export function textContent(text: unknown, index?: number): readonly ContentEvent[] {
  if (typeof text !== 'string' || text === '') return noContent;
  return [index === undefined ? { type: 'text-delta', text } : { type: 'text-delta', text, index }];
}

/** A piece of reasoning, of the block `index` if the model numbers them; nothing if `text` is empty or not a string. */
export function reasoningContent(text: unknown, index?: number): readonly ContentEvent[] {
  if (typeof text !== 'string' || text === '') return noContent;
  return [index === undefined ? { type: 'reasoning-delta', text } : { type: 'reasoning-delta', text, index }];
}

/** The signature of a block of reasoning; nothing if it is empty or not a string. */
export function reasoningSignature(signature: unknown, index: number): readonly ContentEvent[] {
  if (typeof signature !== 'string' || signature === '') return noContent;
  return [{ type: 'reasoning-signature', index, signature }];
}

/** A block of encrypted reasoning; nothing if it is empty or not a string. */
export function reasoningRedacted(data: unknown, index: number): readonly ContentEvent[] {
  return typeof data === 'string' && data !== '' ? [{ type: 'reasoning-redacted', index, data }] : noContent;
}

/** A citation in the model's own shape; nothing if there is none. */
export function citation(value: unknown, index: number): readonly ContentEvent[] {
  return isJsonObject(value) ? [{ type: 'citation', index, value }] : noContent;
}

/** The start of a tool call. A model that leaves out id or name is read as giving an empty one. */
export function toolCallStart(index: number, id: unknown, name: unknown): ContentEvent {
  return {
    type: 'tool-call-start',
    index,
    id: typeof id === 'string' ? id : '',
    name: typeof name === 'string' ? name : '',
  };
}

/** A piece of a tool call's arguments; nothing where it is empty or no string. */
export function toolCallArguments(index: number, json: unknown): readonly ContentEvent[] {
  return typeof json === 'string' && json !== '' ? [{ type: 'tool-call-delta', index, arguments: json }] : noContent;
}

/** A tool call that a model gives in one piece, its arguments as an object or as JSON already. */
export function wholeToolCall(index: number, id: unknown, name: unknown, input: unknown): readonly ContentEvent[] {
  const json = typeof input === 'string' ? input : JSON.stringify(input ?? {});
  return [toolCallStart(index, id, name), ...toolCallArguments(index, json)];
}

/** The counters of a native usage object, by the key that each has there. */
export type UsageKeys = Readonly<Partial<Record<keyof Usage, string>>>;

/** Counters as they were looked for: those that were not found are undefined. */
export type FoundCounters = { readonly [Counter in keyof Usage]: number | undefined };

/** The counters of a usage. */
export const counters = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;

/** The counters that were found; undefined where none was. */
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

/** Reads the counters that `keys` names; undefined where none is there. */
export function readUsage(holder: unknown, keys: UsageKeys): Usage | undefined {
  if (!isJsonObject(holder)) return undefined;
  const count = (key: string | undefined) => (key === undefined ? undefined : countAt(holder, key));
  return usageOf({
    inputTokens: count(keys.inputTokens),
    outputTokens: count(keys.outputTokens),
    cacheReadTokens: count(keys.cacheReadTokens),
    cacheWriteTokens: count(keys.cacheWriteTokens),
  });
}
