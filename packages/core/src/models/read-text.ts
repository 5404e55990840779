import { type ContentEvent, noContent, reasoningContent, textContent } from './chunk-reading.js';
import { isJsonObject } from './json-object.js';

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
