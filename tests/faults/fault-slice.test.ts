import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectHonest } from './expect-honest.ts';
import { type FaultBench, startFaultBench } from './fault-bench.ts';
import { faultCases } from './fault-cases.ts';
import { playedAnswer } from './played-answer.ts';

// Each fault once, on one front. `npm run test:all` runs the whole matrix.
const slice = faultCases.filter(({ position }) => position === 'middle' || position === 'call');

let bench: FaultBench;
beforeAll(async () => {
  bench = await startFaultBench(['function-url']);
  // A cold start takes longer than the short limits allow.
  await bench.request('function-url', 'anthropic.claude-sonnet-4-6');
});
afterAll(() => bench[Symbol.asyncDispose]());

describe('the answer of a Function URL after a fault', () => {
  it.each(slice)('ends in $terminal: $fault', async (faultCase) => {
    const { modelId, strike } = faultCase;
    const exchange = await bench.request('function-url', modelId, strike && { strike });
    await expectHonest(exchange, faultCase, 'function-url', strike ? playedAnswer.text : bench.emulatedText);
  });
});

it('a Function URL serves its requests in one process and over a kept connection', async () => {
  const { outcome } = await bench.request('function-url', 'anthropic.claude-sonnet-4-6');
  const { openConnections } = bench.proxy;
  expect(outcome).toMatchObject({ status: 200, terminals: ['done'], text: playedAnswer.text });
  for (let request = 0; request < 3; request += 1) await bench.request('function-url', 'anthropic.claude-sonnet-4-6');
  expect(bench.proxy.openConnections).toBe(openConnections);
  expect(bench.sandbox('function-url').coldStarts).toBe(1);
});
