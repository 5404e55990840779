/**
 * Parses JSON. Returns any other text unchanged.
 *
 * @param {string} text
 * @returns {unknown}
 */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Follows a path of members into a parsed value. Returns undefined if there is nothing.
 *
 * @param {unknown} value
 * @param {...(string | number)} path
 * @returns {unknown}
 */
export function at(value, ...path) {
  /** @type {unknown} */
  let found = value;
  for (const key of path) {
    found =
      typeof found === 'object' && found !== null ? /** @type {Record<string, unknown>} */ (found)[key] : undefined;
  }
  return found;
}
