import type { ChunkBatch } from '@bedrock-proxy/core';
import { describe, expect, it } from 'vitest';
import type { DialectAnswer, DialectQuestion, DialectReading } from './dialect-setup.js';
import { type DialectUnderTest, endOf } from './dialect-under-test.js';
import { expectDone, expectOneEnd } from './expect-stream.js';
import { joinBatches, type PlayedAnswer, pieces } from './played-answer.js';
import { allBatches, batchSteps, type ModelStep } from './scripted-model.js';
import { until } from './turns.js';

/** How a network may divide an answer. */
const divisions: readonly (readonly [name: string, divide: (all: readonly ChunkBatch[]) => readonly ChunkBatch[]])[] = [
  ['one chunk in each batch', (all) => all],
  ['all chunks in one batch', (all) => [joinBatches(all)]],
  ['batches of three chunks', (all) => inThrees(all)],
];

/** Streams that go well. */
export function testStreamedAnswers(subject: DialectUnderTest, question: DialectQuestion): void {
  const { request, read } = question;

  describe.each(subject.fronts)('a stream of a %s front', (front) => {
    it.each(divisions)('has all the text in order, and one end: %s', async (_, divide) => {
      const steps = (answer: PlayedAnswer) => batchSteps(divide(allBatches(answer)));
      const answer = await subject.ask(request, { front, script: { steps } });
      expectDone(answer, question);
      expectOneEnd(answer, question);
      expect(answer.headers['content-type']).toMatch(/^\w+\/[\w+.-]+/);
    });

    it('is done if the model says nothing', async () => {
      const steps = ({ opening, closing }: PlayedAnswer) => batchSteps([...opening, ...closing]);
      const answer = await subject.ask(request, { front, script: { steps } });
      expect(read(answer)).toEqual({ kind: 'done', text: '' });
      expectOneEnd(answer, question);
    });

    it('asks the model once, for a stream, with a body of JSON', async () => {
      const answer = await subject.ask(request, { front });
      expect(answer.model.calls).toHaveLength(1);
      expect(JSON.parse(Buffer.from(answer.model.calls[0]?.body ?? []).toString())).toEqual(expect.any(Object));
      expect(endOf(answer).stream).toBe(true);
    });

    it('is refused to a caller who may not stream, and no model is called', async () => {
      const access = () => ({ allow: true, principal: 'anyone', permitsStream: false }) as const;
      const answer = await subject.ask(request, { front, access });
      await subject.expectRefusal(answer, 'stream_not_allowed', read);
      expect(answer.model.calls).toEqual([]);
    });
  });

  it('a stream comes piece by piece, while the model still speaks', async () => {
    let soFar: DialectAnswer | undefined;
    let reading: DialectReading | undefined;
    const action = async () => {
      // By HTTP, what was written has not been read yet.
      await until(() => {
        reading = soFar && read(soFar);
        return Boolean(reading?.text);
      });
    };
    const steps = ({ opening, text, closing }: PlayedAnswer): readonly ModelStep[] => [
      ...batchSteps([...opening, ...text.slice(0, 3)]),
      { type: 'action', action },
      ...batchSteps([...text.slice(3), ...closing]),
    ];
    const onProgress = (answer: DialectAnswer) => {
      soFar = answer;
    };
    await subject.ask(request, { front: 'streaming', script: { steps }, onProgress });
    expect(reading?.kind).toBe('incomplete');
    expect(
      pieces
        .slice(0, 3)
        .join('')
        .startsWith(reading?.text ?? 'none'),
    ).toBe(true);
  });
}

function inThrees(all: readonly ChunkBatch[]): readonly ChunkBatch[] {
  return all.flatMap((_, index) => (index % 3 === 0 ? [joinBatches(all.slice(index, index + 3))] : []));
}
