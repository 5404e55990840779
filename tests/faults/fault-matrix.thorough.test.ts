import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectHonest } from './expect-honest.ts';
import { type FaultBench, startFaultBench } from './fault-bench.ts';
import { faultCases } from './fault-cases.ts';
import { frontNames } from './fault-fronts.ts';
import { playedAnswer } from './played-answer.ts';

let bench: FaultBench;
beforeAll(async () => {
  bench = await startFaultBench(frontNames);
  // A cold start takes what the short limits do not allow for.
  for (const front of frontNames) await bench.request(front, 'anthropic.claude-sonnet-4-6');
});
afterAll(() => bench[Symbol.asyncDispose]());

const matrix = frontNames.flatMap((front) => faultCases.map((faultCase) => ({ front, ...faultCase })));

it('has each fault at each position on each front exactly once, 250 cases at the least', () => {
  const names = matrix.map(({ front, fault, position }) => `${front} ${fault} ${position}`);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(250);
});

describe('an honest end', () => {
  it.each(matrix)('$front: $fault, $position: $terminal', async ({ front, ...faultCase }) => {
    const { modelId, strike } = faultCase;
    const exchange = await bench.request(front, modelId, strike && { strike });
    await expectHonest(exchange, faultCase, front, strike ? playedAnswer.text : bench.emulatedText);

    const next = await bench.request(front, 'anthropic.claude-sonnet-4-6');
    expect(next.outcome).toMatchObject({ status: 200, terminals: ['done'], text: playedAnswer.text });
    expect(bench.sandbox(front).coldStarts).toBe(1);
  });
});
