import { beforeAll, describe, expect, it } from 'vitest';
import { answerSoFar } from './answer-so-far.js';
import type { DialectQuestion } from './dialect-setup.js';
import { type DialectUnderTest, endOf, type StreamTraits } from './dialect-under-test.js';
import { limits } from './exchange.js';
import { expectDone, expectFailure, expectOneEnd } from './expect-stream.js';
import type { PlayedAnswer } from './played-answer.js';
import { allBatches, batchSteps, type ModelStep } from './scripted-model.js';
import { until } from './turns.js';

/** Streams that are slow, and clients that leave. */
export function testTimes(subject: DialectUnderTest, question: DialectQuestion): void {
  const { request, read } = question;
  const silence: ModelStep = { type: 'silence', ms: 3 * limits.heartbeatMs };
  let traits: StreamTraits;
  beforeAll(async () => {
    traits = await subject.traitsOf(request);
  });

  it('a stream that is silent at first has its head once the dialect can write', async () => {
    const steps = (answer: PlayedAnswer) => [silence, ...batchSteps(allBatches(answer))];
    const answer = await subject.askOnFakeClock(request, { front: 'streaming', script: { steps } });
    expectDone(answer, question);
    expectOneEnd(answer, question);
    if (traits.waitsForFirst) expect(answer.headMs).toBeGreaterThanOrEqual(silence.ms);
    else expect(answer.headMs).toBeLessThan(limits.headWaitMs + limits.heartbeatMs);
  });

  it('a stream that fails after such a silence ends in one failure', async () => {
    const steps = (): readonly ModelStep[] => [silence, { type: 'failure', error: new Error('canary') }];
    for (const front of subject.fronts) {
      const answer = await subject.askOnFakeClock(request, { front, script: { steps } });
      const failing = { ending: 'internal', position: 'first-frame', isSilent: true } as const;
      await expectFailure(answer, failing, { front, subject, question, traits });
      expectOneEnd(answer, question);
    }
  });

  describe.each(subject.fronts)('a stream of a %s front', (front) => {
    it('is kept alive through silence by pings, which its reader ignores', async () => {
      const steps = ({ opening, text, closing }: PlayedAnswer) => [
        ...batchSteps([...opening, ...text.slice(0, 2)]),
        silence,
        ...batchSteps(text.slice(2)),
        silence,
        ...batchSteps(closing),
      ];
      const answer = await subject.askOnFakeClock(request, { front, script: { steps } });
      expectDone(answer, question);
      expectOneEnd(answer, question);
    });

    it('that is not over at the deadline ends in one failure, and the call is given up', async () => {
      const steps = ({ opening, text }: PlayedAnswer): readonly ModelStep[] => [
        ...batchSteps([...opening, ...text.slice(0, 3)]),
        { type: 'hang' },
      ];
      const answer = await subject.askOnFakeClock(request, { front, script: { steps }, remainingMs: 20_000 });
      const failing = { ending: 'deadline_exceeded', position: 'middle', isSilent: true } as const;
      await expectFailure(answer, failing, { front, subject, question, traits });
      expect(answer.model.calls[0]?.signal.aborted).toBe(true);
    });

    it('shows no end to a client that leaves, and the call is given up', async () => {
      const client = new AbortController();
      let hasProgress = front === 'buffered';
      const action = async () => {
        // By HTTP, what was written may be still on its way.
        await until(() => hasProgress);
        client.abort();
      };
      const onProgress = () => {
        hasProgress = true;
      };
      const steps = ({ opening, text }: PlayedAnswer): readonly ModelStep[] => [
        ...batchSteps([...opening, ...text.slice(0, 3)]),
        { type: 'action', action },
        { type: 'hang' },
      ];
      const answer = await subject.ask(request, { front, script: { steps }, signal: client.signal, onProgress });
      expect(endOf(answer)).toMatchObject({ code: 'client_closed', status: front === 'streaming' ? 200 : 499 });
      if (front === 'streaming') expect(read(answerSoFar(answer, answer.body, false)).kind).toBe('incomplete');
      expect(answer.model.calls[0]?.signal.aborted).toBe(true);
    });
  });
}
