const quote = 0x22;
const backslash = 0x5c;

/**
 * Tells whether brackets nest deeper than `limit`, over the raw bytes of a JSON text and before anything is parsed:
 * `JSON.parse` has no limit of its own and takes over a second for 6 MB of `[`.
 */
export function nestsDeeperThan(limit: number, json: Uint8Array): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) {
      at = endOfString(json, at);
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      if (depth > limit) return true;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
    }
  }
  return false;
}

/** The index of the quote that closes the string opened at `start`; the length of `json` where none does. */
export function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1;
  for (;;) {
    const close = json.indexOf(quote, at);
    if (close === -1) return json.length;
    let escapes = 0;
    while (json[close - 1 - escapes] === backslash) escapes++;
    if (escapes % 2 === 0) return close;
    at = close + 1;
  }
}
