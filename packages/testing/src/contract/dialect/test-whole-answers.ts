import { describe, expect, it } from 'vitest';
import type { DialectQuestion } from './dialect-setup.js';
import { type DialectUnderTest, endOf, secretCause } from './dialect-under-test.js';
import { pieces } from './played-answer.js';
import type { ModelStep } from './scripted-model.js';

/** Answers in one piece. */
export function testWholeAnswers(subject: DialectUnderTest, { request, read }: DialectQuestion): void {
  describe.each(subject.fronts)('a whole answer of a %s front', (front) => {
    it('has all the text of the model', async () => {
      const answer = await subject.ask(request, { front });
      expect(read(answer)).toEqual({ kind: 'done', text: pieces.join('') });
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toMatch(/^\w+\/[\w+.-]+/);
      expect(endOf(answer)).toMatchObject({ terminal: 'none', stream: false });
    });

    it('asks the model once, with a body of JSON', async () => {
      const { model } = await subject.ask(request, { front });
      expect(model.calls).toHaveLength(1);
      expect(JSON.parse(Buffer.from(model.calls[0]?.body ?? []).toString())).toEqual(expect.any(Object));
    });

    it('that is not there at the deadline is refused, and the call is given up', async () => {
      const script = { steps: (): readonly ModelStep[] => [{ type: 'hang' }] };
      const answer = await subject.askOnFakeClock(request, { front, script, remainingMs: 20_000 });
      await subject.expectRefusal(answer, 'deadline_exceeded', read);
      expect(answer.model.calls[0]?.signal.aborted).toBe(true);
    });

    it('that fails on its way is refused', async () => {
      const script = { steps: (): readonly ModelStep[] => [{ type: 'failure', error: secretCause }] };
      await subject.expectRefusal(await subject.ask(request, { front, script }), 'internal', read);
    });

    it('is given up if its client leaves', async () => {
      const client = new AbortController();
      const steps = (): readonly ModelStep[] => [{ type: 'action', action: () => client.abort() }, { type: 'hang' }];
      const answer = await subject.ask(request, { front, script: { steps }, signal: client.signal });
      expect(endOf(answer)).toMatchObject({ code: 'client_closed', status: 499 });
      expect(answer.model.calls[0]?.signal.aborted).toBe(true);
    });
  });

  if (!subject.fronts.includes('buffered')) return;
  it('a whole answer that is too large for a buffered front is refused', async () => {
    const answer = await subject.ask(request, { front: 'buffered', maxBodyBytes: 10 });
    await subject.expectRefusal(answer, 'response_too_large', read);
  });
}
