import { describe, expect, it } from 'vitest';
import { encodeExceptionFrame, exceptionReply } from '../../emulator/index.js';
import { type DialectQuestion, type DialectQuestions, questionsOf } from '../dialect/dialect-setup.js';
import { askQuestion, expectPlainError } from './ask-question.js';
import type { FrontUnderTest } from './front-under-test.js';
import { framesOf, type StreamParts, speaking } from './spoken-answer.js';

const texts = ['Grüße ', 'Hel', 'lo\n\u2028"🙂"'];
const throttling = encodeExceptionFrame('throttlingException', 'Slow down');

const faults: readonly (readonly [name: string, parts: StreamParts, code: 'throttled' | 'upstream_truncated'])[] = [
  ['an exception', ({ opening, text }) => [...framesOf([...opening, ...text]), throttling], 'throttled'],
  [
    'an exception after the end marker',
    ({ opening, text, closing }) => [...framesOf([...opening, ...text, ...closing]), throttling],
    'throttled',
  ],
  ['an end without an end marker', ({ opening, text }) => framesOf([...opening, ...text]), 'upstream_truncated'],
  [
    'a connection that breaks',
    ({ opening, text }) => [...framesOf([...opening, ...text]), { pauseMs: 30 }, 'reset'],
    'upstream_truncated',
  ],
];

/** The questions of a dialect reach the model through this front, and its client understands every answer. */
export function testQuestions(front: FrontUnderTest, dialect: DialectQuestions): void {
  const questions = questionsOf(dialect);
  const { stream } = dialect;

  describe('a question of the dialect', () => {
    it('is answered with all the text of the model', async () => {
      for (const question of questions) {
        front.bedrock.respondWith(speaking(texts));
        const { reading, status, end } = await askQuestion(front, question);
        expect(reading).toEqual({ kind: 'done', text: texts.join('') });
        expect(status).toBe(200);
        expect(end).toMatchObject({ attempts: 1, terminal: question === stream ? 'done' : 'none' });
      }
    });

    it('is refused in the words of the dialect if Bedrock refuses it', async () => {
      for (const question of questions) {
        front.bedrock.respondWith(exceptionReply('ThrottlingException', 'arn:aws:iam::123456789012:role/secret-role'));
        expectPlainError(await askQuestion(front, question), 'throttled', dialect);
      }
    });

    it('has a preflight', async () => {
      for (const { request } of questions) {
        expect((await front.ask(request.path, { method: 'OPTIONS' })).status).toBe(204);
      }
    });
  });

  if (stream) testStream(front, stream, dialect);
}

function testStream(front: FrontUnderTest, question: DialectQuestion, dialect: DialectQuestions): void {
  describe('a stream of the dialect', () => {
    it.each(faults)('that fails ends in one failure: %s', async (_, parts, code) => {
      front.bedrock.respondWith(speaking(texts, parts));
      const { reading, status, end } = await askQuestion(front, question);
      expect(reading).toMatchObject({ kind: 'error', code: dialect.errorCode?.(code) ?? code });
      expect(texts.join('').startsWith(reading.text)).toBe(true);
      if (front.streamsAs === 'events')
        expect({ status, text: reading.text }).toEqual({ status: 200, text: texts.join('') });
      expect(end).toMatchObject({ terminal: 'error', code });
    });

    if (front.streamsAs === 'events') {
      it('comes piece by piece, while the model still speaks', async () => {
        let release = () => {};
        const held = new Promise<void>((resolve) => {
          release = resolve;
        });
        const parts: StreamParts = async function* ({ opening, text, closing }) {
          yield* framesOf([...opening, ...text.slice(0, 1)]);
          await held;
          yield* framesOf([...text.slice(1), ...closing]);
        };
        front.bedrock.respondWith(speaking(texts, parts));
        const { reading } = await askQuestion(front, question, { onProgress: () => release() });
        expect(reading.kind).toBe('done');
      });
    }
  });
}
