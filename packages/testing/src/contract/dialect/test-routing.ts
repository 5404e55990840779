import { describe, expect, it } from 'vitest';
import type { DialectQuestion } from './dialect-setup.js';
import type { DialectUnderTest } from './dialect-under-test.js';
import { headOf } from './exchange.js';

/** The paths and methods that a dialect takes, and the ones that it leaves to others. */
export function testRouting(subject: DialectUnderTest, questions: readonly DialectQuestion[]): void {
  const { setup } = subject;

  describe('routes', () => {
    it('lead from its own requests to a model', () => {
      for (const { request } of questions) {
        const dialect = setup.dialect();
        expect(dialect.route(headOf(request))).toMatchObject({ kind: 'model', load: expect.any(Function) });
        // A dialect whose own pattern leaves out a path is never asked for it.
        expect(dialect.paths?.test(request.path) ?? true).toBe(true);
      }
    });

    it.each(setup.foreignPaths)('leave %s to other dialects, whatever the method', (path) => {
      for (const method of ['POST', 'GET', 'PUT']) {
        const dialect = setup.dialect();
        const isAsked = dialect.paths?.test(path) ?? true;
        if (isAsked) expect(dialect.route(headOf({ method, path }))).toBeUndefined();
      }
    });

    it('refuse another method on its own paths, in its own words', async () => {
      for (const { request, read } of questions) {
        for (const front of subject.fronts) {
          const answer = await subject.ask({ ...request, method: 'PATCH' }, { front });
          await subject.expectRefusal(answer, 'method_not_allowed', read);
          expect(answer.model.calls).toEqual([]);
        }
      }
    });
  });

  it('has a name for the log', () => {
    expect(setup.dialect().name).toMatch(/^[a-z][\w-]*$/);
  });
}
