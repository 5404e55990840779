import type { EventBatch } from '../../stream/open-stream.js';

const lineBreaks = /[\u0085\u2028\u2029]/g;

/** `{"content":"…"}` with every character that some reader takes for the end of a line escaped. */
export function encodeText(text: string): string {
  const json = `{"content":${JSON.stringify(text)}}`;
  return json.replace(lineBreaks, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The encoded pieces of text of a batch, each between `before` and `after`. */
export function encodeTexts(batch: EventBatch, before: string, after: string): string {
  let encoded = '';
  for (const event of batch.events) {
    if (event.type === 'text-delta') encoded += before + encodeText(event.text) + after;
  }
  return encoded;
}
