/** How far back from the cut a word may begin and still be left out whole. */
const longestWord = 200;

/**
 * The text, cut at `length` characters. A word that the cut would split is left out: the first half of a credential no longer looks like
 * one.
 */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  for (let end = length; end > Math.max(0, length - longestWord); end--) {
    if (isSpace(text.charCodeAt(end))) return text.slice(0, end);
  }
  return text.slice(0, length);
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
