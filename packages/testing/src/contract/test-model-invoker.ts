import { describe } from 'vitest';
import { testFailures } from './failures.js';
import { testFrames } from './frames.js';
import { testGivingUp } from './giving-up.js';
import type { InvokerSetup } from './invoker-scenario.js';
import { testStreamedAnswers } from './streamed-answers.js';
import { testWholeAnswers } from './whole-answers.js';

/**
 * Declares the tests that every `ModelInvoker` must pass, for each operation. Call it in a vitest file. The tests are in a `describe`
 * with this name. Each test calls `setup` with the behaviour that the model host must show.
 */
export function testModelInvoker(name: string, setup: InvokerSetup): void {
  describe(name, () => {
    testWholeAnswers(setup);
    testStreamedAnswers(setup);
    testFrames(setup);
    testFailures(setup);
    testGivingUp(setup);
  });
}
