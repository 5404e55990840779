import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultBench, startFaultBench } from './fault-bench.ts';
import { chainCases, chainEnvironment, expectHonestChain } from './fault-chain.ts';
import { playedAnswer } from './played-answer.ts';
import { frontNames } from './start-front.ts';

let bench: FaultBench;
beforeAll(async () => {
  bench = await startFaultBench(frontNames, chainEnvironment);
  // A cold start, and the first use of the router, take longer than the short limits allow.
  for (const front of frontNames) await bench.request(front, 'struck');
});
afterAll(() => bench[Symbol.asyncDispose]());

const matrix = frontNames.flatMap((front) => chainCases.map((chainCase) => ({ front, ...chainCase })));

describe('the answer of a chain of two', () => {
  it.each(matrix)('has one true end on $front: $fault at $position of the first target', async (entry) => {
    const { front, ...chainCase } = entry;
    await expectHonestChain(bench, front, chainCase);
    const next = await bench.request(front, 'struck');
    expect(next.outcome).toMatchObject({ status: 200, terminals: ['done'], text: playedAnswer.text });
    expect(bench.sandbox(front).coldStarts).toBe(1);
  });
});
