/**
 * Says on stderr what a long step does while it does it, and how long it took.
 *
 * @template Result
 * @param {string} doing for example "installing dependencies"
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
