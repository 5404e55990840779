const lineBreaks = /[\u0085\u2028\u2029]/g;

/** JSON with every character escaped that some reader takes for the end of a line. Raw CR and LF are no part of compact JSON. */
export function escapeLineBreaks(json: string): string {
  return json.replace(lineBreaks, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
