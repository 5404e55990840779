import { describe } from 'vitest';
import { testFailures } from './failures.js';
import { testGivingUp } from './giving-up.js';
import type { InvokerSetup } from './invoker-scenario.js';
import { testStreamedAnswers } from './streamed-answers.js';
import { testWholeAnswers } from './whole-answers.js';

/**
 * Declares the tests that every `ModelInvoker` passes, in a `describe` of this name. To be called from a vitest file;
 * `setup` is called anew for each test and told what the model host has to do in it.
 */
export function testModelInvoker(name: string, setup: InvokerSetup): void {
  describe(name, () => {
    testWholeAnswers(setup);
    testStreamedAnswers(setup);
    testFailures(setup);
    testGivingUp(setup);
  });
}
