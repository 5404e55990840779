import { invokeModel, type ModelInput, streamModel } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BedrockEmulator, type BedrockEmulatorOptions, startBedrockEmulator } from '../start-bedrock-emulator.js';

let emulator: BedrockEmulator;
const start = async (options: BedrockEmulatorOptions = {}) => {
  emulator = await startBedrockEmulator({ paceMs: 0, ...options });
};
beforeEach(() => start());
afterEach(() => emulator.close());

const invoker = () =>
  createBedrockInvoker({
    region: 'us-east-1',
    endpoint: emulator.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });

const claude = 'anthropic.claude-sonnet-4-6';
const guardrail = { id: 'abc123', version: '1' };
const mask = '{CONFIDENTIAL}';

/** The same question by each operation and to some families. */
const questions: Readonly<Record<string, (text: string) => ModelInput>> = {
  Claude: (text) => ({
    modelId: claude,
    payload: { anthropic_version: 'bedrock-2023-05-31', max_tokens: 400, messages: [{ role: 'user', content: text }] },
  }),
  Llama: (prompt) => ({ modelId: 'meta.llama3-8b-instruct-v1:0', payload: { prompt } }),
  Titan: (inputText) => ({ modelId: 'amazon.titan-text-express-v1', payload: { inputText } }),
  Nova: (text) => ({
    modelId: 'amazon.nova-lite-v1:0',
    payload: { messages: [{ role: 'user', content: [{ text }] }] },
  }),
  Converse: (text) => ({
    modelId: claude,
    operation: 'converse',
    payload: { messages: [{ role: 'user', content: [{ text }] }] },
  }),
};

const names = Object.keys(questions);

function ask(
  name: string,
  text: string,
  options: Partial<typeof guardrail> & { streamMode?: 'async'; trace?: 'ENABLED' } = {},
) {
  const input = questions[name]?.(text);
  if (!input) throw new Error(name);
  return streamModel(invoker(), { ...input, options: { guardrail: { ...guardrail, ...options } } }).collect();
}

describe.each(names)('a guardrail for a stream of %s', (name) => {
  it.each([
    ['lets through', 'Hello', /Hello/],
    ['blocks the prompt of', 'forbidden', /^\n?The guardrail blocked the input\.$/],
    ['blocks the answer of', 'unspeakable', /^\n?The guardrail blocked the output\.$/],
    ['masks', 'a confidential word', /a \{CONFIDENTIAL\} word/],
  ])('%s what it should', async (_, text, expected) => {
    const answer = await ask(name, text);
    expect(answer.text).toMatch(expected);
    const isFiltered = text !== 'Hello';
    if (name === 'Converse') expect(answer.nativeStopReason).toBe(isFiltered ? 'guardrail_intervened' : 'end_turn');
    else expect(answer.guardrailAction).toBe(isFiltered ? 'INTERVENED' : 'NONE');
    if (isFiltered) expect(answer.stopReason).toBe('filter');
  });

  it('masks nothing if it is asynchronous, and blocks after the text', async () => {
    expect((await ask(name, 'confidential', { streamMode: 'async' })).text).toContain('“confidential”');
    const { text } = await ask(name, 'unspeakable', { streamMode: 'async' });
    expect(text).toMatch(/“unspeakable”[\s\S]+The guardrail blocked the output\.$/);
  });
});

describe.each(names)('a guardrail for a whole answer of %s', (name) => {
  const whole = async (text: string, trace?: 'ENABLED') => {
    const input = questions[name]?.(text);
    if (!input) throw new Error(name);
    const pinned = { ...guardrail, streamMode: 'async', ...(trace && { trace }) } as const;
    return JSON.stringify((await invokeModel(invoker(), { ...input, options: { guardrail: pinned } })).json());
  };

  it('masks and blocks, also if streams are asynchronous', async () => {
    expect(await whole('confidential')).toContain(mask);
    expect(await whole('unspeakable')).toContain('The guardrail blocked the output.');
    expect(await whole('forbidden')).toContain('The guardrail blocked the input.');
    expect(await whole('Hello')).toContain('Hello');
  });

  it('has the text from before in its trace, and only if the call asks for one', async () => {
    expect(await whole('confidential')).not.toMatch(/modelOutput|“confidential/);
    expect(await whole('confidential', 'ENABLED')).toMatch(/modelOutput.*“confidential/);
  });
});

describe('the answer in the place of a model that was not asked', () => {
  const chunksOf = async (modelId: string, payload: object) => {
    const stream = await invoker().stream({
      ...{ operation: 'invoke-model', modelId, body: Buffer.from(JSON.stringify(payload)), options: { guardrail } },
      signal: new AbortController().signal,
    });
    const chunks: Record<string, unknown>[] = [];
    for await (const batch of stream.batches) {
      chunks.push(...batch.chunks.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString())));
    }
    return chunks;
  };

  it("is a message of the guardrail's own for Claude, without counts and metrics", async () => {
    const chunks = await chunksOf(claude, questions['Claude']?.('forbidden').payload ?? {});
    expect(chunks[0]).toMatchObject({ message: { id: expect.stringMatching(/^bedrock-guardrails-/) } });
    expect(chunks.at(-2)).toEqual({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null } });
    expect(chunks.at(-1)).toEqual({ type: 'message_stop', 'amazon-bedrock-guardrailAction': 'INTERVENED' });
  });

  it.each([
    ['meta.llama3-8b-instruct-v1:0', { prompt: 'forbidden' }, 'generation'],
    ['amazon.titan-text-express-v1', { inputText: 'forbidden' }, 'outputText'],
  ])('is one chunk of %s without counts', async (modelId, payload, field) => {
    expect(await chunksOf(modelId, payload)).toEqual([
      {
        [field]: 'The guardrail blocked the input.',
        ...(field === 'outputText' && { index: 0 }),
        'amazon-bedrock-guardrailAction': 'INTERVENED',
      },
    ]);
  });
});

describe('a role that demands a guardrail', () => {
  const arn = 'arn:aws:bedrock:us-east-1:123456789012:guardrail/abc123';
  beforeEach(async () => {
    await emulator.close();
    await start({ requiredGuardrail: `${arn}:1` });
  });

  it.each(['Claude', 'Converse'])('permits a call of %s with this guardrail alone', async (name) => {
    expect((await ask(name, 'Hello')).text).toContain('Hello');
    expect((await ask(name, 'Hello', { id: arn })).text).toContain('Hello');
    for (const other of [{ version: '2' }, { id: 'weak' }]) {
      await expect(ask(name, 'Hello', other)).rejects.toMatchObject({ code: 'upstream_denied' });
    }
    const input = questions[name]?.('Hello') ?? { modelId: '', payload: {} };
    await expect(streamModel(invoker(), input).collect()).rejects.toMatchObject({
      code: 'upstream_denied',
      upstream: { name: 'AccessDeniedException', status: 403 },
    });
    await expect(invokeModel(invoker(), input)).rejects.toMatchObject({ code: 'upstream_denied' });
  });

  it('permits a count, which no guardrail judges', async () => {
    const input = {
      invokeModel: {
        body: Buffer.from(
          '{"anthropic_version":"bedrock-2023-05-31","max_tokens":1,"messages":[{"role":"user","content":"a"}]}',
        ).toString('base64'),
      },
    };
    const answer = await invokeModel(invoker(), { modelId: claude, operation: 'count-tokens', payload: { input } });
    expect(answer.json()).toEqual({ inputTokens: expect.any(Number) });
  });
});

it('half of a guardrail, and a configuration without one, are refused', async () => {
  const path = `${emulator.url}/model/${claude}/invoke`;
  const payload = questions['Claude']?.('Hello').payload;
  const half = { 'x-amzn-bedrock-guardrailidentifier': 'abc123' };
  const config = { ...payload, 'amazon-bedrock-guardrailConfig': { tagSuffix: 'x' } };
  for (const init of [{ headers: half, body: JSON.stringify(payload) }, { body: JSON.stringify(config) }]) {
    expect((await fetch(path, { method: 'POST', ...init })).status).toBe(400);
  }
});
