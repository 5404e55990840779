import type { EventBatch } from '../../stream/open-stream.js';
import { escapeLineBreaks } from './escape-line-breaks.js';

/** What JSON or a reader of lines wants escaped: control characters, lone surrogates, quotes, backslashes, ends of lines. */
const special = /[\p{Cc}\p{Cs}"\\\u2028\u2029]/u;

/** The pieces of text of a batch as `{"content":"…"}`, each between `before` and `after`. */
export function encodeTexts({ events }: EventBatch, before: string, after: string): string {
  const members: string[] = [];
  for (const event of events) {
    if (event.type === 'text-delta') members.push(special.test(event.text) ? escapeText(event.text) : event.text);
  }
  if (members.length === 0) return '';
  const opening = `${before}{"content":"`;
  const closing = `"}${after}`;
  // Put together in one go: a string that grows piece by piece is a tree of them until it is written.
  return opening + members.join(closing + opening) + closing;
}

/** Text as the inside of a JSON string, with every character escaped that some reader takes for the end of a line. */
function escapeText(text: string): string {
  return escapeLineBreaks(JSON.stringify(text).slice(1, -1));
}
