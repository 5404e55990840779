import { type Dialect, nativeDialect, type StreamEncoder } from '@bedrock-proxy/core/dialects';
import { expect, it } from 'vitest';
import { useDialect } from './dialect-under-test.js';
import { expectDone, expectFailure, expectOneEnd } from './expect-stream.js';
import { nativeQuestions } from './native-questions.js';
import type { PlayedAnswer } from './played-answer.js';
import { batchSteps } from './scripted-model.js';

type Change = (encoder: StreamEncoder) => Partial<StreamEncoder>;

const done = 'data: [DONE]\n\n';
const mistakes: readonly (readonly [name: string, change: Change])[] = [
  ['has no end', () => ({ end: () => '' })],
  ['ends twice', () => ({ end: () => done + done })],
  ['says nothing of a failure', () => ({ fail: () => '' })],
  ['ends well after a failure', () => ({ fail: () => done })],
  [
    'names another failure',
    ({ fail }) => ({ fail: (error, id) => `${fail(error, id)}`.replace('truncated', 'error') }),
  ],
  ['names another request', ({ fail }) => ({ fail: (error) => fail(error, 'another') })],
  ['ends before the answer has', ({ batch }) => ({ batch: (read) => batch(read) + endOf(read.chunks), end: () => '' })],
  ['doubles the text', ({ batch }) => ({ batch: (read) => `${batch(read)}${batch(read)}` })],
  ['loses text', ({ batch }) => ({ batch: (read) => batch({ ...read, events: read.events.slice(1) }) })],
  ['opens with text', () => ({ open: () => 'data: {"content":"x"}\n\n' })],
];

/** The end, at the chunk that gives the stop reason. */
function endOf(chunks: Parameters<StreamEncoder['batch']>[0]['chunks']): string {
  return chunks.some(({ bytes }) => Buffer.from(bytes).includes('"end_turn"')) ? done : '';
}

/** The native dialect with a mistake in its streams. */
function dialectWith(change: Change): Dialect {
  const native = nativeDialect();
  return {
    ...native,
    route(head) {
      const route = native.route(head);
      if (route?.kind !== 'model') return route;
      const load = async () => {
        const { parse } = await route.load();
        return {
          parse(...request: Parameters<typeof parse>) {
            const { encoder, ...call } = parse(...request);
            const changed = (...of: Parameters<typeof encoder>) => ({ ...encoder(...of), ...change(encoder(...of)) });
            return { ...call, encoder: changed };
          },
        };
      };
      return { kind: 'model', load };
    },
  };
}

/** Expects everything of a whole stream, and of one that breaks off. */
async function expectGoodStreams(change: Change): Promise<void> {
  const { stream: question } = nativeQuestions;
  if (!question) throw new TypeError('The native dialect streams.');
  const subject = useDialect({ ...nativeQuestions, dialect: () => dialectWith(change), refused: [], foreignPaths: [] });
  const traits = await subject.traitsOf(question.request);
  const whole = await subject.ask(question.request, { front: 'streaming' });
  expectDone(whole, question);
  expectOneEnd(whole, question);
  const steps = ({ opening, text }: PlayedAnswer) => batchSteps([...opening, ...text]);
  const broken = await subject.ask(question.request, { front: 'streaming', script: { steps } });
  const circumstances = { front: 'streaming', subject, question, traits } as const;
  await expectFailure(broken, { position: 'middle', ending: 'upstream_truncated' }, circumstances);
  expectOneEnd(broken, question);
}

it('passes a dialect without a mistake', async () => {
  await expectGoodStreams(() => ({}));
});

it.each(mistakes)('fails a dialect that %s', async (_, change) => {
  await expect(expectGoodStreams(change)).rejects.toThrow();
});
