import { describe, expect, it } from 'vitest';
import type { DialectQuestion } from './dialect-setup.js';
import type { DialectUnderTest } from './dialect-under-test.js';
import { expectDone, expectFailure, expectOneEnd } from './expect-stream.js';
import { joinBatches, type PlayedAnswer, playedAnswer } from './played-answer.js';
import { allBatches, batchSteps } from './scripted-model.js';
import { isFailure, streamCases } from './stream-cases.js';

/** Streams that break, in every way and at every position: each has one end, and never a false one. */
export function testStreamFaults(subject: DialectUnderTest, question: DialectQuestion): void {
  const { request } = question;

  describe.each(subject.fronts)('a stream of a %s front that breaks', async (front) => {
    const traits = await subject.traitsOf(request);
    const circumstances = { front, subject, question, traits };

    it.each(streamCases(traits))('by $name, at $position, ends as $ending', async (streamCase) => {
      const { isSilent = false, steps } = streamCase;
      const ask = isSilent ? subject.askOnFakeClock : subject.ask;
      const answer = await ask(request, { front, script: { steps } });
      if (isFailure(streamCase)) await expectFailure(answer, streamCase, circumstances);
      else expectDone(answer, question);
      expectOneEnd(answer, question);
      if (isSilent) expect(answer.model.calls[0]?.signal.aborted).toBe(true);
    });

    it('is done after any batch only if the end marker came', async () => {
      const played = playedAnswer(traits.operation);
      const untilMarker = allBatches(played).indexOf(played.endMarker) + 1;
      expect(untilMarker).toBeGreaterThan(0);
      for (let count = 0; count <= allBatches(played).length; count += 1) {
        const steps = (answer: PlayedAnswer) => batchSteps(allBatches(answer).slice(0, count));
        const { kind } = question.read(await subject.ask(request, { front, script: { steps } }));
        expect(`${count} batches: ${kind}`).toBe(`${count} batches: ${count >= untilMarker ? 'done' : 'error'}`);
      }
    });

    if (traits.operation === 'invoke-model') {
      it('by an error in the same batch as text keeps the text, and ends in one failure', async () => {
        const steps = ({ opening, text, inBandError, closing }: PlayedAnswer) =>
          batchSteps([...opening, joinBatches([...text, ...inBandError, ...closing])]);
        const answer = await subject.ask(request, { front, script: { steps } });
        await expectFailure(answer, { position: 'middle', ending: 'upstream_unavailable' }, circumstances);
        expectOneEnd(answer, question);
      });
    }
  });
}
