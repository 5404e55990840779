import { describe, expect, it } from 'vitest';
import { encodeExceptionFrame } from '../../emulator/index.js';
import { brokenClaudeStream, claudeReport, claudeStream, heldClaudeStream } from './claude-stream.js';
import type { FrontUnderTest, LoggedAnswer } from './front-under-test.js';
import { claude, post, question } from './question.js';
import { readItems } from './read-items.js';

const streamed = post(question({ stream: true }));

/** What a stream looks like on the wire, and how it ends. */
export function testStreamedAnswers(front: FrontUnderTest): void {
  const isArray = front.streamsAs === 'array';
  const itemsOf = (answer: LoggedAnswer): unknown[] => readItems(answer.text, front.streamsAs);

  describe('an answer that is streamed', () => {
    it('has these bytes, to the last one', async () => {
      front.bedrock.respondWith(claudeStream(['Hel', 'lo']));
      const answer = await front.ask('/', streamed);
      expect(answer.status).toBe(200);
      expect(answer.text).toBe(
        isArray
          ? '[{"content":"Hel"},{"content":"lo"},{"done":true}]'
          : 'data: {"content":"Hel"}\n\ndata: {"content":"lo"}\n\ndata: [DONE]\n\n',
      );
      expect(answer.headers).toMatchObject(
        isArray
          ? { 'content-type': 'application/json' }
          : {
              'content-type': 'text/event-stream; charset=utf-8',
              'cache-control': 'no-cache, no-transform',
              'x-accel-buffering': 'no',
            },
      );
    });

    it('keeps every character, and every line in one line', async () => {
      const texts = [
        '"quoted" \\ \r\n\t',
        'é世🙂',
        'a\u2028b\u2029c\u0085d',
        '\ud83d',
        '\ude42',
        'data: [DONE]',
        '</end>',
      ];
      front.bedrock.respondWith(claudeStream(texts));
      const answer = await front.ask('/', streamed);
      const items = itemsOf(answer) as { content: string }[];
      expect(
        items
          .slice(0, -1)
          .map(({ content }) => content)
          .join(''),
      ).toBe(texts.join(''));
      expect(answer.text).not.toMatch(/[\u0085\u2028\u2029\ufffd]/);
    });

    it.each([[[]], [['']]])('is done where the model said nothing: %j', async (texts) => {
      front.bedrock.respondWith(claudeStream(texts));
      const answer = await front.ask('/', streamed);
      expect(answer.text).toBe(isArray ? '[{"done":true}]' : 'data: [DONE]\n\n');
    });

    it('is logged with what the model reported', async () => {
      front.bedrock.respondWith(claudeStream(['Hel', 'lo']));
      const { end } = await front.ask('/', streamed);
      const answered = {
        modelId: claude,
        stream: true,
        terminal: 'done',
        attempts: 1,
        firstTextMs: expect.any(Number),
      };
      expect(end).toMatchObject({ ...answered, ...claudeReport });
      expect(end).not.toHaveProperty('code');
    });

    if (!isArray) {
      it('comes piece by piece, while the model still speaks', async () => {
        let release = () => {};
        const held = new Promise<void>((resolve) => {
          release = resolve;
        });
        front.bedrock.respondWith(heldClaudeStream(['Hel', 'lo'], held));
        const onProgress = (text: string) => {
          if (text === 'data: {"content":"Hel"}\n\n') release();
        };
        expect((await front.ask('/', { ...streamed, onProgress })).end.terminal).toBe('done');
      });
    }
  });

  describe('a stream that fails after its first text', () => {
    const throttling = encodeExceptionFrame('throttlingException', 'Slow down');

    it.each([
      ['an exception', brokenClaudeStream(['Hel'], throttling), 'throttled', 429, '1'],
      ['an exception after the end marker', claudeStream(['Hel'], throttling), 'throttled', 429, '1'],
      ['an end without an end marker', brokenClaudeStream(['Hel']), 'upstream_truncated', 502, undefined],
      ['a connection that breaks', brokenClaudeStream(['Hel'], 'reset'), 'upstream_truncated', 502, undefined],
    ])('keeps its text and ends in one error: %s', async (_, reply, code, status, retryAfter) => {
      front.bedrock.respondWith(reply);
      const answer = await front.ask('/', streamed);
      const requestId = answer.headers['x-request-id'];
      expect(itemsOf(answer)).toEqual([
        { content: 'Hel' },
        { error: { code, message: expect.stringMatching(/\S/), requestId, retryable: true } },
      ]);
      expect(answer.status).toBe(isArray ? status : 200);
      expect(answer.headers['retry-after']).toBe(isArray ? retryAfter : undefined);
      expect(answer.end).toMatchObject({ terminal: 'error', code, stream: true });
    });
  });
}
