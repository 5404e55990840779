import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectHonest } from './expect-honest.ts';
import { type FaultBench, startFaultBench } from './fault-bench.ts';
import { faultCases } from './fault-cases.ts';
import { playedAnswer } from './played-answer.ts';

// Each fault once, on one front; the whole matrix is run by `npm run test:all`.
const slice = faultCases.filter(({ position }) => position === 'middle' || position === 'call');

let bench: FaultBench;
beforeAll(async () => {
  bench = await startFaultBench(['function-url']);
  // A cold start takes what the short limits do not allow for.
  await bench.request('function-url', 'anthropic.claude-sonnet-4-6');
});
afterAll(() => bench[Symbol.asyncDispose]());

describe('behind a Function URL ends honestly', () => {
  it.each(slice)('$fault: $terminal', async (faultCase) => {
    const { modelId, strike } = faultCase;
    const exchange = await bench.request('function-url', modelId, strike && { strike });
    await expectHonest(exchange, faultCase, 'function-url', strike ? playedAnswer.text : bench.emulatedText);
  });
});

it('serves the next request in the same process all the same, over a connection that was kept', async () => {
  const { outcome } = await bench.request('function-url', 'anthropic.claude-sonnet-4-6');
  const { openConnections } = bench.proxy;
  expect(outcome).toMatchObject({ status: 200, terminals: ['done'], text: playedAnswer.text });
  for (let request = 0; request < 3; request += 1) await bench.request('function-url', 'anthropic.claude-sonnet-4-6');
  expect(bench.proxy.openConnections).toBe(openConnections);
  expect(bench.sandbox('function-url').coldStarts).toBe(1);
});
