import { encodeConverseFrame, encodeExceptionFrame } from '@bedrock-proxy/testing/emulator';
import { describe, expect, it } from 'vitest';
import type { Conversation } from './conversation.js';
import { dialects } from './dialects.js';
import { fronts } from './fronts.js';
import { readAnswer } from './read-answer.js';

const payload = ({ turns }: Conversation) => ({ prompt: turns.at(-1)?.text });
const conversation: Conversation = {
  turns: [
    { role: 'user', text: 'Who?' },
    { role: 'assistant', text: 'Me.' },
    { role: 'user', text: 'Why?' },
  ],
  system: 'Be brief.',
  maxTokens: 50,
  temperature: 0.2,
};
const dialectOf = (start: string) => {
  const dialect = dialects.find(({ name }) => name.startsWith(start));
  if (!dialect) throw new Error(`No dialect ${start}.`);
  return dialect;
};

describe('a question', () => {
  it.each([
    ['native', '/prod/chat', { modelId: 'a.b:0', stream: true, prompt: 'Why?' }],
    [
      'OpenAI',
      '/prod/v1/chat/completions',
      { model: 'a.b:0', stream: true, stream_options: { include_usage: true }, max_tokens: 50, temperature: 0.2 },
    ],
    [
      'Anthropic',
      '/prod/v1/messages',
      { model: 'a.b:0', stream: true, system: 'Be brief.', max_tokens: 50, temperature: 0.2 },
    ],
    [
      'Bedrock',
      '/prod/model/a.b%3A0/converse-stream',
      { system: [{ text: 'Be brief.' }], inferenceConfig: { maxTokens: 50, temperature: 0.2 } },
    ],
  ])('is asked in the API %s', (name, path, body) => {
    const [, front = fronts[0]] = fronts;
    const request = dialectOf(name).request({
      front: front ?? { path: '/', base: '' },
      model: 'a.b:0',
      conversation,
      stream: true,
      payload,
    });
    expect(request).toMatchObject({ path, body });
    expect(JSON.stringify(request.body)).toContain('Why?');
    if (name !== 'native') expect(JSON.stringify(request.body)).toMatch(/Be brief\..*Me\.|Me\..*Be brief\./);
  });
});

async function read(name: string, body: string | Uint8Array, contentType: string) {
  const bytes = Buffer.from(body);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 7) controller.enqueue(new Uint8Array(bytes.subarray(at, at + 7)));
      controller.close();
    },
  });
  const pieces: string[] = [];
  const response = new Response(stream, { headers: { 'content-type': contentType } });
  for await (const piece of readAnswer(response, dialectOf(name))) {
    pieces.push(piece.type === 'text' ? piece.text : piece.type);
  }
  return pieces;
}

const chunk = (delta: object) => `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`;
const message = (value: { type: string }) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const frames = 'application/vnd.amazon.eventstream';

describe('an answer', () => {
  it.each([
    [
      `${chunk({ role: 'assistant', content: '' })}${chunk({ content: 'Hi' })}data: [DONE]\n\n`,
      ['comment', 'Hi', 'done'],
    ],
    [`${chunk({ content: 'Hi' })}data: {"error":{"code":"throttled"}}\n\n`, ['Hi', 'error']],
    [chunk({ content: 'Hi' }), ['Hi', 'cut']],
  ])('of OpenAI’s API is read: %s', async (body, pieces) => {
    expect(await read('OpenAI', body, 'text/event-stream')).toEqual(pieces);
  });

  const text = { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hi' } };
  it.each([
    [message({ type: 'message_start' }) + message(text) + message({ type: 'message_stop' }), ['comment', 'Hi', 'done']],
    [message(text) + message({ type: 'error' }), ['Hi', 'error']],
    [message(text), ['Hi', 'cut']],
  ])('of Anthropic’s API is read: %s', async (body, pieces) => {
    expect(await read('Anthropic', body, 'text/event-stream')).toEqual(pieces);
  });

  const delta = encodeConverseFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hi' } });
  it.each([
    [
      [encodeConverseFrame('messageStart', {}), delta, encodeConverseFrame('metadata', {})],
      ['comment', 'Hi', 'done'],
    ],
    [
      [delta, encodeExceptionFrame('throttlingException', 'Slow down')],
      ['Hi', 'error'],
    ],
    [
      [delta, delta.subarray(0, 20)],
      ['Hi', 'cut'],
    ],
  ])('of Bedrock’s API is read, frame by frame', async (body, pieces) => {
    expect(await read('Bedrock', Buffer.concat(body), frames)).toEqual(pieces);
  });
});
