import type { FrontKind } from '@bedrock-proxy/core/dialects';
import { expect } from 'vitest';
import { answerSoFar } from './answer-so-far.js';
import type { DialectQuestion } from './dialect-setup.js';
import { type DialectUnderTest, endOf, type StreamTraits } from './dialect-under-test.js';
import type { Exchange } from './exchange.js';
import { pieces } from './played-answer.js';
import type { FailingStream } from './stream-cases.js';

const wholeText = pieces.join('');

/** Expects a streamed answer to be whole: its text in order, and one end, in the last write. */
export function expectDone(answer: Exchange, { read }: DialectQuestion): void {
  expect(read(answer)).toEqual({ kind: 'done', text: wholeText });
  expect(answer.status).toBe(200);
  expect(endOf(answer)).toMatchObject({ terminal: 'done' });
  expect(endOf(answer)).not.toHaveProperty('code');
}

/** Expects no write of a stream before the last to show an end, or text that is not a prefix of the whole. */
export function expectOneEnd(answer: Exchange, { read }: DialectQuestion): void {
  if (answer.front === 'buffered' || answer.status !== 200) return;
  for (let count = 0; count < answer.pieces.length; count += 1) {
    const { kind, text } = read(answerSoFar(answer, Buffer.concat(answer.pieces.slice(0, count)), false));
    expect(`${count} of ${answer.pieces.length} writes: ${kind}`).toMatch(/: incomplete$/);
    expect(wholeText.startsWith(text)).toBe(true);
  }
}

/** Expects a streamed answer to end in the one failure that its client must be told. */
export async function expectFailure(
  answer: Exchange,
  { ending, position, isSilent = false }: Omit<FailingStream, 'name' | 'steps'>,
  { front, subject, question, traits }: StreamCircumstances,
): Promise<void> {
  const headWasOut = position !== 'first-frame' || (front === 'streaming' && isSilent && !traits.waitsForFirst);
  if (!headWasOut || (front === 'buffered' && traits.onBufferedFailure === 'refuse')) {
    await subject.expectRefusal(answer, ending, question.read);
  } else {
    const reading = question.read(answer);
    subject.expectError(reading, ending, answer.requestId);
    expect(wholeText.startsWith(reading.text)).toBe(true);
    if (position === 'middle') expect(reading.text).not.toBe('');
    if (position === 'before-text' || position === 'first-frame') expect(reading.text).toBe('');
    expect(answer.status).toBe(front === 'streaming' ? 200 : appendedStatus(traits, await subject.statusOf(ending)));
  }
  expect(endOf(answer)).toMatchObject({ terminal: 'error', code: ending });
}

/** The setting of a streamed answer. */
export interface StreamCircumstances {
  readonly front: FrontKind;
  readonly subject: DialectUnderTest;
  readonly question: DialectQuestion;
  readonly traits: StreamTraits;
}

function appendedStatus({ onBufferedFailure }: StreamTraits, errorStatus: number): number {
  return onBufferedFailure !== 'refuse' && onBufferedFailure.append === 200 ? 200 : errorStatus;
}
