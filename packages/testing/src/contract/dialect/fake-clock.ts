import { vi } from 'vitest';
import { mostTurns, turn } from './turns.js';

const stepMs = 500;
const longestMs = 1_800_000;

/**
 * Runs `work` while the clock of the process is advanced. Rejects if it takes more than half an hour of that clock.
 *
 * @param isWaiting whether `work` waits for the clock, and not for a socket
 */
export async function onFakeClock<T>(work: () => Promise<T>, isWaiting: () => boolean): Promise<T> {
  vi.useFakeTimers();
  try {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    const outcome = work();
    outcome.then(settle, settle);
    let passed = 0;
    for (let turns = 0; turns < mostTurns && passed <= longestMs; turns += 1) {
      const step = isWaiting() ? stepMs : 0;
      await vi.advanceTimersByTimeAsync(step);
      if (isSettled) return await outcome;
      passed += step;
      await turn();
    }
    throw new Error('The answer does not end.');
  } finally {
    vi.useRealTimers();
  }
}
