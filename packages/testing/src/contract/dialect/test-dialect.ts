import { describe, it } from 'vitest';
import { type DialectSetup, questionsOf } from './dialect-setup.js';
import { useDialect } from './dialect-under-test.js';
import { testLargeAnswers } from './test-large-answers.js';
import { testRefusals } from './test-refusals.js';
import { testRouting } from './test-routing.js';
import { testStreamFaults } from './test-stream-faults.js';
import { testStreamedAnswers } from './test-streamed-answers.js';
import { testTimes } from './test-times.js';
import { testWholeAnswers } from './test-whole-answers.js';

/**
 * Declares the tests that every `Dialect` passes, in a `describe` of this name: routes, refusals, answers, and streams that break in
 * every way. They run through the real proxy: in process, on a front that streams and on one that sends one piece; or by HTTP, on the
 * server of the setup, without the cases of a front that sends one piece. To be called from a vitest file. Throws if the setup has no
 * question.
 */
export function testDialect(name: string, setup: DialectSetup): void {
  const subject = useDialect(setup);
  const { whole, stream } = setup;
  const questions = questionsOf(setup);
  if (questions.length === 0) throw new TypeError('testDialect needs a question: whole, stream or both.');

  describe(name, () => {
    testRouting(subject, questions);
    testRefusals(subject, questions);
    if (setup.serve)
      it('the cases of a buffered front', ({ skip }) => skip('This server streams: they run in process.'));
    if (whole) testWholeAnswers(subject, whole);
    if (!stream) return;
    testStreamedAnswers(subject, stream);
    testStreamFaults(subject, stream);
    testTimes(subject, stream);
    if (subject.fronts.includes('buffered')) testLargeAnswers(subject, stream);
  });
}
