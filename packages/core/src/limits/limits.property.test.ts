import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Settle } from '../access/access-policy.js';
import { limitsScene } from './limits-scene.test-helper.js';
import { memoryLimitStore } from './memory-limit-store.js';

const noon = Date.UTC(2026, 10, 26, 12);

beforeAll(() => Promise.all([import('./create-limiter.js'), import('./built-in-prices.js')]));
beforeEach(() => void vi.useFakeTimers({ now: noon }));
afterEach(() => void vi.useRealTimers());

/** A dollar for a million tokens of input, ten for a million of output: 1,000 and 10,000 nano-dollars a token. */
const prices = { '*': { input: 1, output: 10 } };
const instances = 3;
const most = 4;
/** Room for some calls of 200 tokens of output. */
const budgetNano = 10_000_000;
const deadlineMs = 60_000;

/** Instances with clocks of their own, in milliseconds beside the true time, that share one store. */
function startInstances(skews: readonly number[], rule: object) {
  const store = memoryLimitStore();
  const scenes = skews.map(() => limitsScene({ store, each: rule, prices }));
  let now = noon;
  return {
    now: () => now,
    advance(ms: number) {
      now += ms;
    },
    /** Works on an instance, by its clock. */
    async on<Result>(index: number, work: (scene: (typeof scenes)[number]) => Promise<Result>): Promise<Result> {
      const scene = scenes[index];
      if (!scene) throw new Error('no such instance');
      vi.setSystemTime(now + (skews[index] ?? 0));
      return await work(scene);
    },
    async counters(): Promise<Readonly<Record<string, number>>> {
      const { counters = {} } = await store.update(
        'p|me|*|0',
        { add: {}, expiresAt: noon },
        new AbortController().signal,
      );
      return counters;
    },
  };
}

interface LiveCall {
  readonly endsAt: number;
  readonly settle: Settle | undefined;
  readonly instance: number;
  readonly inputNano: number;
  readonly cap: number;
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('call' as const),
      instance: fc.nat(instances - 1),
      cap: fc.integer({ min: 1, max: 200 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      which: fc.nat(),
      share: fc.integer({ min: 0, max: 100 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('kill' as const),
      which: fc.nat(),
      share: fc.integer({ min: 0, max: 100 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 100_000 }) }) },
);

describe('any calls on instances that are killed and whose clocks differ', () => {
  it('never are more at once than the limit, nor spend more than the budget and what killed ones used above their input', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -2_000, max: 2_000 }), { minLength: instances, maxLength: instances }),
        fc.array(step, { maxLength: 60 }),
        async (skews, steps) => {
          const world = startInstances(skews, { concurrent: most, usdPerDay: budgetNano / 1e9 });
          let live: LiveCall[] = [];
          let spent = 0;
          let booked = 0;
          let aboveInput = 0;
          const take = (which: number): LiveCall | undefined => {
            const call = live[which % Math.max(1, live.length)];
            live = live.filter((other) => other !== call);
            return call;
          };
          for (const each of steps) {
            if (each.kind === 'wait') {
              world.advance(each.ms);
              // At its deadline, a call ends by itself.
              for (const call of live.filter(({ endsAt }) => endsAt <= world.now())) {
                live = live.filter((other) => other !== call);
                await world.on(call.instance, async () => call.settle?.({}, { accepted: false, textLength: 0 }));
              }
            } else if (each.kind === 'call') {
              await world.on(each.instance, async ({ tryReserve }) => {
                const body = { max_tokens: each.cap };
                const reservation = await tryReserve({ body, remainingMs: deadlineMs });
                if (!reservation?.allow) return;
                const inputNano = Math.ceil(JSON.stringify(body).length / 4) * 1_000;
                live.push({
                  ...{ instance: each.instance, cap: each.cap, inputNano },
                  endsAt: world.now() + deadlineMs,
                  settle: reservation.settle,
                });
              });
              expect(live.length).toBeLessThanOrEqual(most);
            } else {
              const call = take(each.which);
              if (!call) continue;
              const outputTokens = Math.floor((call.cap * each.share) / 100);
              const cost = call.inputNano + outputTokens * 10_000;
              spent += cost;
              if (each.kind === 'kill') {
                aboveInput += cost - call.inputNano;
                booked += call.inputNano;
                continue;
              }
              booked += cost;
              const usage = { inputTokens: call.inputNano / 1_000, outputTokens };
              const outcome = { accepted: true, complete: true, textLength: 0 };
              await world.on(call.instance, async () => call.settle?.(usage, outcome));
            }
            expect(spent).toBeLessThanOrEqual(budgetNano + aboveInput);
          }
          for (const call of live) {
            await world.on(call.instance, async () => call.settle?.({}, { accepted: false, textLength: 0 }));
          }
          const books = await world.counters();
          const ofDay = Object.entries(books).filter(([name]) => name.startsWith('H'));
          const held = ofDay.reduce((sum, [, count]) => sum + count, 0);
          expect((books['D20261126'] ?? 0) - held).toBe(booked);
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);
});

describe('any requests', () => {
  const limit = 20;

  async function admittedAt(
    skews: readonly number[],
    gaps: readonly { readonly ms: number; readonly instance: number }[],
  ) {
    const world = startInstances(skews, { requestsPerMinute: limit });
    const times: number[] = [];
    for (const { ms, instance } of gaps) {
      world.advance(ms);
      const reservation = await world.on(instance, ({ tryReserve }) => tryReserve({}));
      if (reservation?.allow) times.push(world.now());
    }
    return times;
  }

  /** The most requests in any time up to a minute, compared with what the limit allows for that time. */
  function worstShare(times: readonly number[]): number {
    let worst = 0;
    for (const [first, from] of times.entries()) {
      for (let last = first; last < times.length && (times[last] ?? 0) - from <= 60_000; last++) {
        const allowed = limit * (1 + ((times[last] ?? 0) - from) / 60_000);
        worst = Math.max(worst, (last - first + 1) / allowed);
      }
    }
    return worst;
  }

  const gaps = fc.array(
    fc.record({
      ms: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 20_000, max: 70_000 })),
      instance: fc.nat(instances - 1),
    }),
    { minLength: 30, maxLength: 150 },
  );

  it('are admitted at most limit × (1 + τ / 60 s) times in any τ up to 60 s', async () => {
    await fc.assert(
      fc.asyncProperty(gaps, async (each) => {
        expect(worstShare(await admittedAt([0, 0, 0], each))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('are admitted at most 5 % more often if clocks are 2 s apart from the true time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom([2_000, -2_000, 0], [-2_000, 2_000, 2_000]), gaps, async (skews, each) => {
        expect(worstShare(await admittedAt(skews, each))).toBeLessThan(1.05);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
