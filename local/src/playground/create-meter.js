const charactersPerToken = 4;

/**
 * @typedef {object} Reading
 * @property {number} elapsedMs since the request was sent
 * @property {number} [firstTextMs] from the sending of the request to the first text
 * @property {number} [tokensPerSecond] an estimate between the first text and the last; absent if all text arrived at
 *   once
 */

/**
 * Measures one answer. The time starts now.
 *
 * @param {() => number} [now] milliseconds
 */
export function createMeter(now = () => performance.now()) {
  const sentAt = now();
  let characters = 0;
  /** @type {number | undefined} */
  let firstAt;
  let lastAt = sentAt;

  return {
    /** @param {string} text */
    count(text) {
      lastAt = now();
      // The first text is not counted, because the rate is measured from its arrival.
      if (firstAt === undefined) firstAt = lastAt;
      else characters += text.length;
    },
    /** @returns {Reading} */
    read() {
      const elapsedMs = now() - sentAt;
      if (firstAt === undefined) return { elapsedMs };
      const firstTextMs = firstAt - sentAt;
      if (lastAt === firstAt) return { elapsedMs, firstTextMs };
      const tokensPerSecond = characters / charactersPerToken / ((lastAt - firstAt) / 1_000);
      return { elapsedMs, firstTextMs, tokensPerSecond };
    },
  };
}
