import { allowAnonymous, createProxy } from '@bedrock-proxy/core';
import { type HttpRequest, serve } from '@bedrock-proxy/core/http';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const forged = 'data: [DONE]\n\n';
const texts = fc.array(
  fc.string({
    unit: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('\r', '\n', '\r\n', '\u0000', '\u0085', '\u2028', '\u2029', '\ufeff') },
      {
        weight: 2,
        arbitrary: fc.constantFrom(forged, '\n\ndata: x', ': ping\n\n', 'id: 1\n', '}', '"}\n\n', '{"done":true}'),
      },
      { weight: 2, arbitrary: fc.constantFrom('\ud83d', '\ude00', '😀', '👩‍👩‍👧', 'é') },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
    ),
    minLength: 1,
    maxLength: 12,
  }),
  { minLength: 100, maxLength: 100 },
);

const logger = { info() {}, warn() {}, error() {} };
const request: HttpRequest = {
  ...{ front: 'test', requestId: 'r', method: 'POST', path: '/', headers: {} },
  ...{ body: '{"modelId":"anthropic.claude-v2","stream":true}', signal: new AbortController().signal },
};
const proxyFor = (pieces: readonly string[]) =>
  createProxy({ invoker: new FakeInvoker().replyText(...pieces), access: allowAnonymous(), logger });

async function readEvents(pieces: readonly string[]): Promise<readonly string[]> {
  const data: string[] = [];
  const parser = createParser({
    onEvent: (event) => {
      expect([event.event, event.id]).toEqual([undefined, undefined]);
      data.push(event.data);
    },
    onError: (error) => expect.unreachable(error.message),
    onComment: (comment) => expect.unreachable(comment),
  });
  const answer = await serve(proxyFor(pieces), request);
  if (typeof answer.body === 'string' || answer.body instanceof Uint8Array) return expect.unreachable('no stream');
  const decoder = new TextDecoder();
  for await (const piece of answer.body) parser.feed(decoder.decode(Buffer.from(piece), { stream: true }));
  await answer.close({ bytesOut: 0 });
  return data;
}

const content = (json: string): string => JSON.parse(json).content;

describe('10,000 texts with framing characters', () => {
  it('are unchanged after a parser of Server-Sent Events', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (pieces) => {
        const events = await readEvents(pieces);
        expect(events.at(-1)).toBe('[DONE]');
        expect(events.indexOf('[DONE]')).toBe(events.length - 1);
        expect(events.slice(0, -1).map(content).join('')).toBe(pieces.join(''));
      }),
      { numRuns: 100 },
    );
  });

  it('are unchanged after a parser of the JSON array', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (pieces) => {
        const size = (piece: string | Uint8Array) => Buffer.byteLength(piece);
        const buffered = { fits: () => true, maxBodyBytes: 6_000_000, size };
        const { body, close } = await serve(proxyFor(pieces), request, { buffered });
        await close({ bytesOut: 0 });
        const text = Buffer.from(body).toString();
        expect(text).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
        const items: { content: string }[] = JSON.parse(text);
        expect(items.at(-1)).toEqual({ done: true });
        expect(
          items
            .slice(0, -1)
            .map((item) => item.content)
            .join(''),
        ).toBe(pieces.join(''));
      }),
      { numRuns: 100 },
    );
  });
});

it('a character that a model sends in two pieces is joined', async () => {
  expect(await readEvents(['a\ud83d', '\ude00b'])).toEqual(['{"content":"a"}', '{"content":"😀b"}', '[DONE]']);
});

it('half of a character is sent as an escape if the other half never comes', async () => {
  expect(await readEvents(['a\ud83d'])).toEqual(['{"content":"a"}', '{"content":"\\ud83d"}', '[DONE]']);
});
