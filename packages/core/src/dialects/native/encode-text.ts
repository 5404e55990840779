import type { EventBatch } from '../../stream/open-stream.js';
import { escapeLineBreaks } from './escape-line-breaks.js';

/** What JSON or a reader of lines wants escaped: control characters, lone surrogates, quotes, backslashes, ends of lines. */
const special = /[\p{Cc}\p{Cs}"\\\u2028\u2029]/u;

/** `{"content":"…"}` with every character that some reader takes for the end of a line escaped. */
export function encodeText(text: string): string {
  if (!special.test(text)) return `{"content":"${text}"}`;
  return escapeLineBreaks(`{"content":${JSON.stringify(text)}}`);
}

/** The encoded pieces of text of a batch, each between `before` and `after`. */
export function encodeTexts(batch: EventBatch, before: string, after: string): string {
  let encoded = '';
  for (const event of batch.events) {
    if (event.type === 'text-delta') encoded += before + encodeText(event.text) + after;
  }
  return encoded;
}
