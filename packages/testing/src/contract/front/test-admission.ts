import { describe, expect, it } from 'vitest';
import { type DialectQuestions, questionsOf } from '../dialect/dialect-setup.js';
import { askQuestion, expectPlainError } from './ask-question.js';
import type { FrontUnderTest } from './front-under-test.js';
import { speaking } from './spoken-answer.js';

/** The questions of a dialect are for callers with a token, and have a limit for their body. */
export function testAdmission(
  front: FrontUnderTest,
  dialect: DialectQuestions,
  token: string,
  maxBodyBytes: number,
): void {
  const questions = questionsOf(dialect);
  const authorization = `Bearer ${token}`;

  describe('a question of the dialect', () => {
    it.each([{ authorization }, { 'x-api-key': token }])('is for callers with a token', async (headers) => {
      for (const question of questions) {
        front.bedrock.respondWith(speaking(['Grüße']));
        const { reading, end } = await askQuestion(front, question, { headers });
        expect(reading.kind).toBe('done');
        expect(end.principal).toBe('wide');
        expectPlainError(await askQuestion(front, question), 'missing_token', dialect);
        const wrong = { headers: { authorization: 'Bearer wrong-token-entirely' } };
        expectPlainError(await askQuestion(front, question, wrong), 'invalid_token', dialect);
      }
    });

    it('is refused if its body is too large', async () => {
      for (const question of questions) {
        const body = Buffer.alloc(maxBodyBytes + 1, ' ');
        expectPlainError(
          await askQuestion(front, question, { headers: { authorization }, body }),
          'body_too_large',
          dialect,
        );
      }
    });
  });
}

/** The questions of a dialect are refused to other addresses. */
export function testAddress(front: FrontUnderTest, dialect: DialectQuestions): void {
  it('a question of the dialect is refused in its own words', async () => {
    for (const question of questionsOf(dialect)) {
      expectPlainError(await askQuestion(front, question), 'ip_not_allowed', dialect);
    }
  });
}
