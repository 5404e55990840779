// As it is before a test fakes it.
const { setImmediate: callInNextTurn } = globalThis;

/** So many turns are seconds. */
export const mostTurns = 200_000;

/** Waits for a turn of the event loop, on any clock: what was written to a socket can be read at its other end then. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    callInNextTurn(resolve);
  });
}

/** Waits until `condition` holds. Rejects after seconds without it. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; !condition(); turns += 1) {
    if (turns === mostTurns) throw new Error('What the test waits for does not happen.');
    await turn();
  }
}
