import {
  isProxyError,
  type ModelAnswer,
  type ModelCall,
  type ModelOperation,
  type ModelStream,
} from '@bedrock-proxy/core';
import { describe, expect, it } from 'vitest';
import { FakeInvoker } from './fake-invoker.js';
import type { ReplyScript } from './reply-script.js';

const callOf = (operation: ModelOperation): ModelCall => ({
  operation,
  modelId: 'anthropic.claude-sonnet-4-6',
  body: new TextEncoder().encode('{}'),
  signal: new AbortController().signal,
});
const converse = callOf('converse');
const jsonOf = ({ body }: ModelAnswer): unknown => JSON.parse(Buffer.from(body).toString());

/** The events of each batch, as `{[eventType]: payload}`. */
async function readEvents(stream: ModelStream, into: object[][] = []): Promise<object[][]> {
  for await (const { chunks } of stream.batches)
    into.push(
      chunks.map(({ bytes, eventType = 'none' }) => ({ [eventType]: JSON.parse(Buffer.from(bytes).toString()) })),
    );
  return into;
}

const delta = (contentBlockIndex: number, content: object) => [
  { contentBlockDelta: { contentBlockIndex, delta: content } },
];
const stop = (contentBlockIndex: number) => ({ contentBlockStop: { contentBlockIndex } });
const start = (contentBlockIndex: number, toolUse: object) => ({
  contentBlockStart: { contentBlockIndex, start: { toolUse } },
});
const metadata = {
  metadata: expect.objectContaining({ usage: expect.objectContaining({ inputTokens: 10 }) }),
};

describe('a converse call', () => {
  it('gets a scripted text as Converse streams it, with each piece in a batch of its own', async () => {
    expect(await readEvents(await new FakeInvoker().replyText('Hel', 'lo').stream(converse))).toEqual([
      [{ messageStart: { role: 'assistant' } }],
      delta(0, { text: 'Hel' }),
      delta(0, { text: 'lo' }),
      [stop(0), { messageStop: { stopReason: 'end_turn' } }, metadata],
    ]);
  });

  it('gets a scripted text as a whole Converse answer', async () => {
    expect(jsonOf(await new FakeInvoker().replyText('Hel', 'lo').invoke(converse))).toMatchObject({
      output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 10, outputTokens: 2, totalTokens: 12 },
    });
  });

  it('gets raw chunks as events, byte for byte', async () => {
    const payload = new TextEncoder().encode('{ "role" : "assistant" }');
    const fake = new FakeInvoker().replyChunks({ messageStart: payload }, [{ messageStop: {} }, { later: '1' }]);
    const batches = [];
    for await (const batch of (await fake.stream(converse)).batches) batches.push(batch);
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(batches).toEqual([
      { chunks: [{ eventType: 'messageStart', bytes: payload }] },
      {
        chunks: [
          { eventType: 'messageStop', bytes: bytes('{}') },
          { eventType: 'later', bytes: bytes('1') },
        ],
      },
    ]);
  });

  it.each([
    ['a string', '{"messageStart":{}}'],
    ['bytes', Uint8Array.of(0x7b)],
    ['no member', {}],
    ['two members', { messageStart: {}, messageStop: {} }],
  ])('rejects a raw chunk with %s', async (_, document) => {
    await expect(new FakeInvoker().replyChunks(document).stream(converse)).rejects.toThrow('an object with one member');
  });
});

describe('a script with blocks', () => {
  const write = (answer: ReplyScript) =>
    answer
      .reasoning('Hm.', { signature: 'c2ln' })
      .redactedReasoning('aGlk')
      .text('Hel', 'lo')
      .citation({ title: 'a' })
      .toolCall({ name: 'tides', input: { city: 'Oslo' } });

  it('streams each piece of content in a batch of its own', async () => {
    expect(await readEvents(await new FakeInvoker().reply(write).stream(converse))).toEqual([
      [{ messageStart: { role: 'assistant' } }],
      delta(0, { reasoningContent: { text: 'Hm.' } }),
      delta(0, { reasoningContent: { signature: 'c2ln' } }),
      [stop(0)],
      delta(1, { reasoningContent: { redactedContent: 'aGlk' } }),
      [stop(1)],
      delta(2, { text: 'Hel' }),
      delta(2, { text: 'lo' }),
      delta(2, { citation: { title: 'a' } }),
      [stop(2), start(3, { toolUseId: 'call-1', name: 'tides' }), ...delta(3, { toolUse: { input: '' } })],
      delta(3, { toolUse: { input: '{"city":"Oslo"}' } }),
      [stop(3), { messageStop: { stopReason: 'tool_use' } }, metadata],
    ]);
  });

  it('is a whole answer in the shape of either operation', async () => {
    const fake = new FakeInvoker().reply(write).reply(write);
    expect(jsonOf(await fake.invoke(converse))).toMatchObject({
      output: {
        message: {
          content: [
            { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } },
            { reasoningContent: { redactedContent: 'aGlk' } },
            { citationsContent: { content: [{ text: 'Hel' }, { text: 'lo' }], citations: [{ title: 'a' }] } },
            { toolUse: { toolUseId: 'call-1', name: 'tides', input: { city: 'Oslo' } } },
          ],
        },
      },
      stopReason: 'tool_use',
    });
    expect(jsonOf(await fake.invoke(callOf('invoke-model')))).toMatchObject({
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
        { type: 'redacted_thinking', data: 'aGlk' },
        { type: 'text', text: 'Hello', citations: [{ title: 'a' }] },
        { type: 'tool_use', id: 'call-1', name: 'tides', input: { city: 'Oslo' } },
      ],
      stop_reason: 'tool_use',
    });
  });

  it('can fail within a tool call, whose input is broken off', async () => {
    const fake = new FakeInvoker().reply((answer) =>
      answer.toolCall({ id: 'mine', name: 'tides', input: '{"ci' }).failWith('throttled'),
    );
    const read: object[][] = [];
    await expect(readEvents(await fake.stream(converse), read)).rejects.toMatchObject({ code: 'throttled' });
    expect(read.flat().slice(1)).toEqual([
      start(0, { toolUseId: 'mine', name: 'tides' }),
      ...delta(0, { toolUse: { input: '' } }),
      ...delta(0, { toolUse: { input: '{"ci' } }),
    ]);
  });

  it('continues a text block after a pause, and begins one for a citation without a text', async () => {
    const fake = new FakeInvoker().reply((answer) =>
      answer.citation({ title: 'a' }).citation({ title: 'b' }).text('Hel').pause(1).text('lo'),
    );
    expect(jsonOf(await fake.invoke(converse))).toMatchObject({
      output: {
        message: {
          content: [
            { citationsContent: { content: [], citations: [{ title: 'a' }, { title: 'b' }] } },
            { text: 'Hello' },
          ],
        },
      },
    });
  });
});

describe('replyConverse', () => {
  const content = [
    { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } },
    { reasoningContent: { redactedContent: 'aGlk' } },
    { text: 'Hello' },
    { text: ' again' },
    { citationsContent: { content: [{ text: 'so' }, { text: ' it is' }], citations: [{ title: 'a' }] } },
    { toolUse: { toolUseId: 'mine', name: 'tides', input: { city: 'Oslo' } } },
    { toolUse: { toolUseId: 'other', name: 'clock', input: {} } },
  ];

  it('answers with exactly these blocks', async () => {
    expect(jsonOf(await new FakeInvoker().replyConverse({ content }).invoke(converse))).toMatchObject({
      output: { message: { role: 'assistant', content } },
      stopReason: 'tool_use',
      usage: { inputTokens: 10, outputTokens: 7, totalTokens: 17 },
    });
  });

  it('streams each block under an index of its own', async () => {
    const events = (await readEvents(await new FakeInvoker().replyConverse({ content }).stream(converse))).flat();
    expect(events).toEqual([
      { messageStart: { role: 'assistant' } },
      ...delta(0, { reasoningContent: { text: 'Hm.' } }),
      ...delta(0, { reasoningContent: { signature: 'c2ln' } }),
      stop(0),
      ...delta(1, { reasoningContent: { redactedContent: 'aGlk' } }),
      stop(1),
      ...delta(2, { text: 'Hello' }),
      stop(2),
      ...delta(3, { text: ' again' }),
      stop(3),
      ...delta(4, { text: 'so' }),
      ...delta(4, { text: ' it is' }),
      ...delta(4, { citation: { title: 'a' } }),
      stop(4),
      start(5, { toolUseId: 'mine', name: 'tides' }),
      ...delta(5, { toolUse: { input: '' } }),
      ...delta(5, { toolUse: { input: '{"city":"Oslo"}' } }),
      stop(5),
      start(6, { toolUseId: 'other', name: 'clock' }),
      ...delta(6, { toolUse: { input: '' } }),
      stop(6),
      { messageStop: { stopReason: 'tool_use' } },
      metadata,
    ]);
  });

  it('has the stop reason and the usage of the script', async () => {
    const reply = {
      content: [{ text: 'Hello' }],
      stopReason: 'model_context_window_exceeded',
      usage: { inputTokens: 5, outputTokens: 6, cacheReadTokens: 7 },
    };
    const fake = new FakeInvoker().replyConverse(reply).replyConverse(reply).replyConverse({ content: [] });
    const usage = { inputTokens: 5, outputTokens: 6, cacheReadInputTokens: 7, totalTokens: 18 };
    expect(jsonOf(await fake.invoke(converse))).toMatchObject({ stopReason: reply.stopReason, usage });
    const events = (await readEvents(await fake.stream(converse))).flat();
    expect(events.slice(-2)).toMatchObject([
      { messageStop: { stopReason: reply.stopReason } },
      { metadata: { usage } },
    ]);
    expect(jsonOf(await fake.invoke(converse))).toMatchObject({ stopReason: 'end_turn' });
  });
});

describe('replyTokenCount', () => {
  it('answers count-tokens', async () => {
    const answer = await new FakeInvoker().replyTokenCount(42).invoke(callOf('count-tokens'));
    expect(Buffer.from(answer.body).toString()).toBe('{"inputTokens":42}');
    expect(answer).toMatchObject({ contentType: 'application/json', meta: { attempts: 1 } });
  });
});

describe('a reply that does not fit the operation', () => {
  type Mismatch = readonly [FakeInvoker, 'invoke' | 'stream', ModelOperation, string];
  const content = [{ text: 'Hello' }];
  const mismatches: Readonly<Record<string, Mismatch>> = {
    'replyTokenCount for invoke': [
      new FakeInvoker().replyTokenCount(1),
      'invoke',
      'invoke-model',
      'replyTokenCount cannot answer invoke-model. Script a reply().',
    ],
    'replyTokenCount for stream': [
      new FakeInvoker().replyTokenCount(1),
      'stream',
      'converse',
      'replyTokenCount cannot answer converse. Script a reply().',
    ],
    'replyConverse for invoke-model': [
      new FakeInvoker().replyConverse({ content }),
      'stream',
      'invoke-model',
      'replyConverse cannot answer invoke-model. Script a reply().',
    ],
    'replyText for count-tokens': [
      new FakeInvoker().replyText('Hello'),
      'invoke',
      'count-tokens',
      'a reply with content cannot answer count-tokens. Script a replyTokenCount().',
    ],
    'replyBody for a stream of converse': [
      new FakeInvoker().replyBody('{}'),
      'stream',
      'converse',
      'a body cannot answer a stream of converse. Script a replyChunks().',
    ],
  };
  it.each(Object.entries(mismatches))('rejects with a plain error: %s', async (_, [fake, kind, operation, message]) => {
    const error: unknown = await fake[kind](callOf(operation)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: `FakeInvoker: ${message}` });
    expect(isProxyError(error)).toBe(false);
  });

  it('is not used by a stream of count-tokens, which is no call', async () => {
    const fake = new FakeInvoker().replyTokenCount(1);
    await expect(fake.stream(callOf('count-tokens'))).rejects.toThrow(
      new TypeError('count-tokens cannot be streamed. Call invoke.'),
    );
    expect(fake.calls).toEqual([]);
    await expect(fake.invoke(callOf('count-tokens'))).resolves.toBeDefined();
  });
});
