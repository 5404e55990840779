import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Settle } from '../access/access-policy.js';
import { limitsScene } from './limits-scene.test-helper.js';
import { memoryLimitStore } from './memory-limit-store.js';

beforeAll(() => Promise.all([import('./create-limiter.js'), import('./built-in-prices.js')]));
beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 26, 12) }));
afterEach(() => void vi.useRealTimers());

/** The same numbers in each run. */
const seed = 20_261_126;

function randomNumbers(state: number): () => number {
  let next = state;
  return () => {
    next = (next + 0x6d2b79f5) | 0;
    let mixed = Math.imul(next ^ (next >>> 15), 1 | next);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One call of an agent: what it costs in nano-dollars, and how many seconds it takes. */
interface Call {
  readonly outputTokens: number;
  readonly seconds: number;
}

const budgetNano = 2_000_000_000;
const nanoPerToken = 10_000;

/** A burst of agents at the end of a day's budget: for a minute, 10 calls a second, of 10 to 60 seconds and 1,000 to 4,000 tokens. */
function burst(): readonly (readonly Call[])[] {
  const random = randomNumbers(seed);
  return Array.from({ length: 60 }, () =>
    Array.from({ length: 10 }, () => ({
      outputTokens: 1_000 + Math.floor(random() * 3_000),
      seconds: 10 + Math.floor(random() * 50),
    })),
  );
}

/** A gateway that checks what is booked, and books a call once it is over. */
function checkThenCount(): number {
  let booked = 0;
  const ends = new Map<number, number>();
  for (const [second, calls] of burst().entries()) {
    booked += ends.get(second) ?? 0;
    for (const { outputTokens, seconds } of calls) {
      if (booked >= budgetNano) continue;
      const at = second + seconds;
      ends.set(at, (ends.get(at) ?? 0) + outputTokens * nanoPerToken);
    }
  }
  return [...ends.values()].reduce((sum, cost) => sum + cost, 0);
}

/** Four instances that reserve a call in a shared store before it begins. */
async function reserveThenSettle(): Promise<{ readonly spent: number; readonly admitted: number }> {
  const store = memoryLimitStore();
  const prices = { '*': { input: 0, output: 10 } };
  const instances = [1, 2, 3, 4].map(() => limitsScene({ store, everyone: { usdPerDay: budgetNano / 1e9 }, prices }));
  const ends = new Map<number, (() => ReturnType<Settle>)[]>();
  let spent = 0;
  let admitted = 0;
  for (let second = 0; second < 180; second++) {
    for (const end of ends.get(second) ?? []) await end();
    for (const [index, { outputTokens, seconds }] of (burst()[second] ?? []).entries()) {
      const reservation = await instances[index % instances.length]?.tryReserve({ body: { max_tokens: 4_096 } });
      if (!reservation?.allow) continue;
      admitted++;
      spent += outputTokens * nanoPerToken;
      const outcome = { accepted: true, complete: true, textLength: 0 };
      const end = () => reservation.settle?.({ inputTokens: 0, outputTokens }, outcome);
      ends.set(second + seconds, [...(ends.get(second + seconds) ?? []), end]);
    }
    vi.advanceTimersByTime(1_000);
  }
  return { spent, admitted };
}

it('a budget that is checked and then counted is passed by more than 100 %; one that is reserved is not passed', async () => {
  expect(checkThenCount() / budgetNano).toBeGreaterThan(2);
  const { spent, admitted } = await reserveThenSettle();
  expect(spent).toBeLessThanOrEqual(budgetNano);
  // And it is used, while the burst lasts.
  expect(spent).toBeGreaterThan(budgetNano * 0.85);
  expect(admitted).toBeGreaterThan(50);
});
