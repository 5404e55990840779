import { describe, expect, it } from 'vitest';
import { type DialectQuestions, questionsOf } from '../dialect/dialect-setup.js';
import { askQuestion, expectPlainError } from './ask-question.js';
import type { FrontUnderTest } from './front-under-test.js';
import { framesOf, type StreamParts, speaking } from './spoken-answer.js';

const texts = ['Grüße ', 'Hel', 'lo'];

/** A slow answer to a question of a dialect is kept alive, or ends before the gateway gives up. `GATEWAY_TIMEOUT_MS` is set. */
export function testSlowAnswers(front: FrontUnderTest, dialect: DialectQuestions, silenceMs: number): void {
  describe('a question of the dialect', () => {
    if (front.streamsAs === 'array') {
      it('is refused before the gateway gives up', async () => {
        for (const question of questionsOf(dialect)) {
          front.bedrock.respondWith('stall');
          expectPlainError(await askQuestion(front, question), 'deadline_exceeded', dialect);
        }
      });
      return;
    }

    it('is answered however long the model is silent', async () => {
      const parts: StreamParts = ({ opening, text, closing }) => [
        ...framesOf([...opening, ...text.slice(0, 1)]),
        { pauseMs: silenceMs },
        ...framesOf([...text.slice(1), ...closing]),
      ];
      for (const question of questionsOf(dialect)) {
        front.bedrock.respondWith((request) => ({ ...speaking(texts, parts)(request), headDelayMs: silenceMs }));
        const { reading } = await askQuestion(front, question);
        expect(reading).toEqual({ kind: 'done', text: texts.join('') });
      }
    });
  });
}
