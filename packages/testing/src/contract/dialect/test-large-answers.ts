import { describe, expect, it } from 'vitest';
import type { DialectQuestion } from './dialect-setup.js';
import { type DialectUnderTest, endOf } from './dialect-under-test.js';
import { playedAnswer } from './played-answer.js';
import { allBatches, batchSteps } from './scripted-model.js';

const said = Array.from({ length: 40 }, (_, index) => `${index} `.padEnd(500, '"é'));
const maxBodyBytes = 12_000;

/** Streams that are too large for a front that sends one piece. */
export function testLargeAnswers(subject: DialectUnderTest, { request, read }: DialectQuestion): void {
  describe('a stream that is too large for a buffered front', () => {
    it('ends in one failure, in a body that fits', async () => {
      const { operation, onBufferedFailure } = await subject.traitsOf(request);
      const steps = () => batchSteps(allBatches(playedAnswer(operation, said)));
      const answer = await subject.ask(request, { front: 'buffered', script: { steps }, maxBodyBytes });
      expect(answer.body.length).toBeLessThanOrEqual(maxBodyBytes);
      const reading = read(answer);
      subject.expectError(reading, 'response_too_large', answer.requestId);
      expect(said.join('').startsWith(reading.text)).toBe(true);
      expect(endOf(answer)).toMatchObject({ terminal: 'error', code: 'response_too_large' });
      if (onBufferedFailure === 'refuse') await subject.expectRefusal(answer, 'response_too_large', read);
      else expect(reading.text).not.toBe('');
      expect(answer.model.calls[0]?.signal.aborted).toBe(true);
    });
  });
}
