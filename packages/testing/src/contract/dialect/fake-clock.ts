import { vi } from 'vitest';

const stepMs = 500;
const longestMs = 1_800_000;

/** Runs `work` while the clock of the process is advanced. Rejects if it takes more than half an hour of that clock. */
export async function onFakeClock<T>(work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers();
  try {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    const outcome = work();
    outcome.then(settle, settle);
    for (let passed = 0; passed <= longestMs; passed += stepMs) {
      await vi.advanceTimersByTimeAsync(passed === 0 ? 0 : stepMs);
      if (isSettled) return await outcome;
    }
    throw new Error('The answer does not end.');
  } finally {
    vi.useRealTimers();
  }
}
