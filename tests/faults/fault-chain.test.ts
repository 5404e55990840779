import { afterAll, beforeAll, describe, it } from 'vitest';
import { type FaultBench, startFaultBench } from './fault-bench.ts';
import { chainCases, chainEnvironment, expectHonestChain } from './fault-chain.ts';

// Each fault before the first text, on one front. `npm run test:all` runs the whole matrix.
const slice = chainCases.filter(({ position }) => position === 'before-text' || position === 'call');

let bench: FaultBench;
beforeAll(async () => {
  bench = await startFaultBench(['function-url'], chainEnvironment);
  // A cold start, and the first use of the router, take longer than the short limits allow.
  await bench.request('function-url', 'struck');
});
afterAll(() => bench[Symbol.asyncDispose]());

describe('the answer of a chain of two after a fault of its first target', () => {
  it.each(slice)('is that of the second one, if another may have it: $fault', (chainCase) =>
    expectHonestChain(bench, 'function-url', chainCase),
  );
});
