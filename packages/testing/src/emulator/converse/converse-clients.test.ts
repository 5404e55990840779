import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  CountTokensCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BedrockEmulator, startBedrockEmulator } from '../start-bedrock-emulator.js';

const claude = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const messages = [{ role: 'user' as const, content: [{ text: 'Grüße, 世界' }] }];
const clock = { toolSpec: { name: 'clock', inputSchema: { json: { type: 'object' } } } };
const weather = {
  toolSpec: {
    name: 'get_weather',
    inputSchema: { json: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
  },
};

describe.each([
  ['HTTP/2, its default', '2.0', {}],
  ['HTTP/1.1', '1.1', { requestHandler: new NodeHttpHandler() }],
])('an unmodified SDK client over %s', (_, httpVersion, transport) => {
  let emulator: BedrockEmulator;
  let client: BedrockRuntimeClient;
  beforeEach(async () => {
    emulator = await startBedrockEmulator({ paceMs: 0 });
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const endpoint = emulator.url;
    client = new BedrockRuntimeClient({ region: 'eu-west-1', endpoint, credentials, maxAttempts: 1, ...transport });
  });
  afterEach(async () => {
    client.destroy();
    await emulator.close();
  });

  const converse = (input: Partial<ConverseCommandInput> = {}) =>
    client.send(new ConverseCommand({ modelId: claude, messages, ...input }));

  /** The events of a streamed answer. */
  async function events(input: Partial<ConverseCommandInput> = {}): Promise<ConverseStreamOutput[]> {
    const { stream = [] } = await client.send(new ConverseStreamCommand({ modelId: claude, messages, ...input }));
    const read: ConverseStreamOutput[] = [];
    for await (const event of stream) read.push(event);
    return read;
  }

  /** The type of each event, with the index of its block. Repeated events are listed once. */
  async function shapes(input: Partial<ConverseCommandInput>): Promise<string[]> {
    const read = (await events(input)).map((event) => {
      const [[type, payload] = ['', {}]] = Object.entries(event);
      return 'contentBlockIndex' in payload ? `${type} ${payload.contentBlockIndex}` : type;
    });
    return read.filter((shape, index) => shape !== read[index - 1]);
  }

  it('reads a whole answer', async () => {
    const { output, stopReason, usage, metrics, $metadata } = await converse();
    expect(output?.message).toEqual({
      role: 'assistant',
      content: [{ text: expect.stringContaining('“Grüße, 世界”') }],
    });
    expect({ stopReason, metrics }).toEqual({ stopReason: 'end_turn', metrics: { latencyMs: 0 } });
    expect(usage?.totalTokens).toBe((usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0));
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(emulator.requests).toMatchObject([{ httpVersion, target: { modelId: claude, operation: 'converse' } }]);
  });

  it('streams the same answer word by word, with the same counts', async () => {
    const [read, { output, usage }] = [await events(), await converse()];
    const deltas = read.flatMap(({ contentBlockDelta }) => contentBlockDelta?.delta?.text ?? []);
    expect(deltas.join('')).toBe(output?.message?.content?.[0]?.text);
    expect(deltas.length).toBeGreaterThan(10);
    expect(read[0]).toEqual({ messageStart: { role: 'assistant' } });
    expect(read.slice(-2)).toMatchObject([
      { messageStop: { stopReason: 'end_turn' } },
      { metadata: { usage, metrics: { latencyMs: 0 } } },
    ]);
  });

  it('streams thinking, text and a call of a tool', async () => {
    const additionalModelRequestFields = { thinking: { type: 'enabled', budget_tokens: 1_024 } };
    const text = 'Ask get_weather.';
    const asked: Partial<ConverseCommandInput> = {
      messages: [{ role: 'user', content: [{ text }] }],
      toolConfig: { tools: [weather] },
      additionalModelRequestFields,
    };
    expect(await shapes(asked)).toEqual([
      'messageStart',
      'contentBlockDelta 0',
      'contentBlockStop 0',
      'contentBlockDelta 1',
      'contentBlockStop 1',
      'contentBlockStart 2',
      'contentBlockDelta 2',
      'contentBlockStop 2',
      'messageStop',
      'metadata',
    ]);
    const deltas = (await events(asked)).flatMap(({ contentBlockDelta }) => contentBlockDelta?.delta ?? []);
    expect(deltas.filter(({ reasoningContent }) => reasoningContent).at(-1)).toEqual({
      reasoningContent: { signature: expect.any(String) },
    });
    const inputs = deltas.flatMap(({ toolUse }) => toolUse?.input ?? []);
    expect(inputs[0]).toBe('');
    expect(inputs.length).toBeGreaterThan(2);
    expect(JSON.parse(inputs.join(''))).toEqual({ city: text });
  });

  it('streams only an empty delta for a call without input', async () => {
    const read = await events({ toolConfig: { tools: [clock], toolChoice: { any: {} } } });
    expect(read.slice(1, 4)).toEqual([
      {
        contentBlockStart: expect.objectContaining({
          start: { toolUse: { toolUseId: expect.any(String), name: 'clock' } },
        }),
      },
      { contentBlockDelta: expect.objectContaining({ contentBlockIndex: 0, delta: { toolUse: { input: '' } } }) },
      { contentBlockStop: expect.objectContaining({ contentBlockIndex: 0 }) },
    ]);
  });

  it('streams the blocks as the model does', async () => {
    const nova = await shapes({ modelId: 'us.amazon.nova-lite-v1:0' });
    expect(nova.slice(0, 5)).toEqual([
      'messageStart',
      'contentBlockDelta 0',
      'contentBlockStop 0',
      'contentBlockDelta 1',
      'contentBlockStop 1',
    ]);
    const [, first, , second] = await events({ modelId: 'openai.gpt-oss-120b-1:0' });
    expect(first).toMatchObject({ contentBlockDelta: { contentBlockIndex: 0, delta: { text: '' } } });
    expect(second).toMatchObject({ contentBlockDelta: { contentBlockIndex: 1, delta: { reasoningContent: {} } } });
  });

  it('counts the tokens of InvokeModel and Converse requests', async () => {
    const count = async (input: CountTokensCommand['input']['input']) =>
      (await client.send(new CountTokensCommand({ modelId: claude, input }))).inputTokens;
    const body = Buffer.from(
      JSON.stringify({
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 1,
        messages: [{ role: 'user', content: 'eight ch' }],
      }),
    );
    expect(await count({ invokeModel: { body } })).toBe(2);
    expect(await count({ converse: { messages } })).toBe((await converse()).usage?.inputTokens);
  });

  it('throws the exception that refuses the request', async () => {
    await expect(converse({ messages: [] })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('must start with a user message'),
    });
    await expect(events({ messages: [] })).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
