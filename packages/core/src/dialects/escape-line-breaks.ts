const lineBreaks = /[\u0085\u2028\u2029]/g;

/** Compact JSON with every character escaped that some reader takes for the end of a line. */
export function escapeLineBreaks(json: string): string {
  return json.replace(lineBreaks, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
