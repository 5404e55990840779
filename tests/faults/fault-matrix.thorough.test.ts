import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectHonest } from './expect-honest.ts';
import { type FaultBench, startFaultBench } from './fault-bench.ts';
import { faultCases } from './fault-cases.ts';
import { playedAnswer } from './played-answer.ts';
import { matrixFronts } from './start-front.ts';

let bench: FaultBench;
beforeAll(async () => {
  bench = await startFaultBench(matrixFronts);
  // A cold start takes longer than the short limits allow.
  for (const front of matrixFronts) await bench.request(front, 'anthropic.claude-sonnet-4-6');
});
afterAll(() => bench[Symbol.asyncDispose]());

const matrix = matrixFronts.flatMap((front) => faultCases.map((faultCase) => ({ front, ...faultCase })));

it('the matrix has each fault at each position on each front once, and at least 250 cases', () => {
  const names = matrix.map(({ front, fault, position }) => `${front} ${fault} ${position}`);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(250);
});

describe('the answer after a fault', () => {
  it.each(matrix)('ends in $terminal on $front: $fault at $position', async ({ front, ...faultCase }) => {
    const { modelId, strike } = faultCase;
    const exchange = await bench.request(front, modelId, strike && { strike });
    await expectHonest(exchange, faultCase, front, strike ? playedAnswer.text : bench.emulatedText);

    const next = await bench.request(front, 'anthropic.claude-sonnet-4-6');
    expect(next.outcome).toMatchObject({ status: 200, terminals: ['done'], text: playedAnswer.text });
    expect(bench.sandbox(front).coldStarts).toBe(1);
  });
});
