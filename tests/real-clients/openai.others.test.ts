import { answerReply } from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenAiSetup, startOpenAiSetup, token } from './openai-setup.ts';

/** The parts of the AI SDK that are used here. */
interface AiSdk {
  generateText(options: object): Promise<AiResult>;
  streamText(options: object): AiStream;
  embedMany(options: object): Promise<{ readonly embeddings: readonly (readonly number[])[] }>;
  tool(definition: object): object;
  jsonSchema(schema: object): object;
  stepCountIs(count: number): unknown;
  readonly Output: { object(options: object): object };
}

interface AiResult {
  readonly text: string;
  readonly finishReason: string;
  readonly reasoningText?: string;
  readonly steps: readonly { readonly toolResults: readonly object[] }[];
  readonly usage: { readonly totalTokens: number };
  readonly output: unknown;
}

interface AiStream {
  readonly fullStream: AsyncIterable<{ readonly type: string; readonly text?: string; readonly finishReason?: string }>;
  readonly totalUsage: Promise<{ readonly totalTokens: number }>;
}

type Provider = ((model: string) => object) & { textEmbeddingModel(model: string): object };

interface LangChain {
  readonly ChatOpenAI: new (options: object) => ChatModel;
  readonly OpenAIEmbeddings: new (options: object) => { embedDocuments(texts: readonly string[]): Promise<number[][]> };
}

interface ChatModel {
  invoke(messages: readonly unknown[]): Promise<LangChainMessage>;
  stream(messages: readonly unknown[]): Promise<AsyncIterable<{ readonly content: unknown }>>;
  bindTools(tools: readonly object[]): ChatModel;
  withStructuredOutput(schema: object, options: object): { invoke(prompt: string): Promise<unknown> };
}

interface LangChainMessage {
  readonly content: unknown;
  readonly tool_calls?: readonly { readonly id: string; readonly name: string; readonly args: object }[];
  readonly usage_metadata?: { readonly total_tokens: number };
}

const claude = 'anthropic.claude-sonnet-4-6';
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

let setup: OpenAiSetup;
beforeAll(async () => {
  setup = await startOpenAiSetup();
});
afterAll(() => setup[Symbol.asyncDispose]());

/** Makes the model answer with the object that a client asked for. */
async function withCity<Result>(ask: () => Promise<Result>): Promise<Result> {
  const message = { role: 'assistant', content: [{ text: '{"city":"Lisbon"}' }] };
  const usage = { inputTokens: 3, outputTokens: 4, totalTokens: 7 };
  const answer = { output: { message }, stopReason: 'end_turn', usage, metrics: { latencyMs: 1 } };
  setup.emulator.respondWith(answerReply(JSON.stringify(answer)));
  try {
    return await ask();
  } finally {
    setup.emulator.respondWith(undefined);
  }
}

/** Expects that the model was sent the schema. */
function expectSentSchema(): void {
  expect(setup.emulator.requests.at(-1)?.json()).toHaveProperty(
    'outputConfig.textFormat.structure.jsonSchema.schema',
    expect.stringContaining('"city":{"type":"string"}'),
  );
}

describe.each(['streaming', 'buffered'] as const)('the AI SDK at a %s endpoint', (front) => {
  let ai: AiSdk;
  let provider: Provider;
  beforeAll(async () => {
    ai = await setup.clients.load<AiSdk>('ai');
    const { createOpenAICompatible } = await setup.clients.load<{ createOpenAICompatible(o: object): Provider }>(
      '@ai-sdk/openai-compatible',
    );
    provider = createOpenAICompatible({
      name: 'proxy',
      baseURL: setup[front],
      apiKey: token,
      includeUsage: true,
      supportsStructuredOutputs: true,
    });
  });

  it('runs two calls and their results', async () => {
    const city = { inputSchema: ai.jsonSchema(schema), execute: async () => 'Rain, at noon.' };
    const { text, steps, finishReason } = await ai.generateText({
      model: provider(claude),
      tools: { get_weather: ai.tool(city), get_time: ai.tool(city) },
      stopWhen: ai.stepCountIs(3),
      prompt: 'Ask get_weather and get_time.',
    });
    expect(steps[0]?.toolResults).toHaveLength(2);
    expect(text).toContain('Rain, at noon.');
    expect(finishReason).toBe('stop');
  });

  it('receives an object of a schema, and its counts', async () => {
    const output = ai.Output.object({ schema: ai.jsonSchema(schema) });
    const request = { model: provider(claude), prompt: 'Which city?', output };
    const result = await withCity(() => ai.generateText(request));
    expect(result.output).toEqual({ city: 'Lisbon' });
    expect(result.usage.totalTokens).toBe(7);
    expectSentSchema();
  });

  it('sends reasoning back', async () => {
    const content = [
      { type: 'reasoning', text: 'They greet me.' },
      { type: 'text', text: 'Hi.' },
    ];
    const [first, last] = ['Hello', 'And now?'].map((text) => ({ role: 'user', content: text }));
    const messages = [first, { role: 'assistant', content }, last];
    const { text, reasoningText } = await ai.generateText({ model: provider('openai.gpt-oss-20b-1:0'), messages });
    expect(text).toContain('And now?');
    expect(reasoningText).toMatch(/\w/);
  });

  it('receives reasoning, text and counts as a stream', async () => {
    const parts: string[] = [];
    let text = '';
    const { fullStream, totalUsage } = ai.streamText({ model: provider('openai.gpt-oss-20b-1:0'), prompt: 'Hello' });
    for await (const part of fullStream) {
      parts.push(part.type);
      if (part.type === 'text-delta') text += part.text;
    }
    expect(text).toContain('“Hello”');
    expect(parts).toEqual(expect.arrayContaining(['reasoning-delta', 'text-delta', 'finish']));
    expect(parts).not.toContain('error');
    expect((await totalUsage).totalTokens).toBeGreaterThan(0);
  });

  it('embeds many texts', async () => {
    const model = provider.textEmbeddingModel('cohere.embed-english-v3');
    const { embeddings } = await ai.embedMany({ model, values: ['one', 'two'] });
    expect(embeddings).toHaveLength(2);
  });
});

describe.each(['streaming', 'buffered'] as const)('LangChain at a %s endpoint', (front) => {
  let langchain: LangChain;
  const options = (model: string) => ({
    model,
    apiKey: token,
    maxRetries: 0,
    configuration: { baseURL: setup[front] },
  });
  beforeAll(async () => {
    langchain = await setup.clients.load<LangChain>('@langchain/openai');
  });

  it('calls tools, and sends their results back', async () => {
    const { HumanMessage, ToolMessage } = await setup.clients.load<Messages>('@langchain/core/messages');
    const tools = ['get_weather', 'get_time'].map((name) => ({
      type: 'function',
      function: { name, parameters: schema },
    }));
    const model = new langchain.ChatOpenAI({ ...options(claude), useResponsesApi: false }).bindTools(tools);
    const question = new HumanMessage('Ask get_weather and get_time.');
    const first = await model.invoke([question]);
    expect(first.tool_calls?.map(({ name }) => name)).toEqual(['get_weather', 'get_time']);
    const results = first.tool_calls?.map(({ id }) => new ToolMessage({ content: 'Rain.', tool_call_id: id })) ?? [];
    const second = await model.invoke([question, first, ...results]);
    expect(second.content).toContain('Rain.');
    expect(second.usage_metadata?.total_tokens).toBeGreaterThan(0);
  });

  it('receives an object of a schema', async () => {
    const model = new langchain.ChatOpenAI({ ...options(claude), useResponsesApi: false });
    const structured = model.withStructuredOutput({ title: 'place', ...schema }, { method: 'jsonSchema' });
    expect(await withCity(() => structured.invoke('Which city?'))).toEqual({ city: 'Lisbon' });
    expectSentSchema();
  });

  it('receives a stream', async () => {
    const model = new langchain.ChatOpenAI({ ...options(claude), useResponsesApi: false });
    let text = '';
    for await (const { content } of await model.stream(['Hello'])) text += content;
    expect(text).toContain('“Hello”');
  });

  it('embeds documents in the form that it asks for', async () => {
    const embeddings = new langchain.OpenAIEmbeddings(options('amazon.nova-2-multimodal-embeddings-v1:0'));
    expect(await embeddings.embedDocuments(['one', 'two'])).toHaveLength(2);
  });
});

interface Messages {
  readonly HumanMessage: new (text: string) => object;
  readonly ToolMessage: new (fields: object) => object;
}
