/**
 * Reports the progress and the duration of a long step on stderr.
 *
 * @template Result
 * @param {string} doing the step, such as "installing dependencies"
 * @param {() => Promise<Result>} step
 * @returns {Promise<Result>}
 */
export async function withProgress(doing, step) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  process.stderr.write(`${doing}…\n`);
  const reminder = setInterval(() => process.stderr.write(`${doing}… ${seconds()}\n`), 15_000);
  try {
    const result = await step();
    process.stderr.write(`${doing}: done in ${seconds()}\n`);
    return result;
  } finally {
    clearInterval(reminder);
  }
}
