import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenAiSetup, startOpenAiSetup } from './openai-setup.ts';
import {
  type ResponseEvent,
  type ResponsesSdk,
  startAiSdk,
  startLangChain,
  startResponsesSdk,
} from './responses-clients.ts';

const claude = 'anthropic.claude-sonnet-4-6';
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tools = ['get_weather', 'get_time'].map((name) => ({ type: 'function', name, parameters, strict: false }));
const question = 'Ask get_weather and get_time.';

let setup: OpenAiSetup;
beforeAll(async () => {
  setup = await startOpenAiSetup();
});
afterAll(() => setup[Symbol.asyncDispose]());

/** The blocks of the turn before the last one, in the last request that the model got. */
function historyOf(): unknown {
  const body = setup.emulator.requests.at(-1)?.json() as {
    readonly messages: readonly { readonly content: unknown }[];
  };
  return body.messages.at(-2)?.content;
}

describe.each(['streaming', 'buffered'] as const)("the Responses API of OpenAI's SDK at a %s endpoint", (front) => {
  let client: ResponsesSdk;
  beforeAll(async () => {
    client = await startResponsesSdk(setup.clients, setup[front]);
  });

  it('receives a whole answer with its counts', async () => {
    const response = await client.responses.create({ model: claude, input: 'What is a proxy?', store: false });
    expect(response).toMatchObject({ model: claude, status: 'completed' });
    expect(response.output_text).toContain('“What is a proxy?”');
    const { input_tokens: input, output_tokens: output, total_tokens: total } = response.usage;
    expect(total).toBe(input + output);
  });

  it('receives every event of a stream, in order', async () => {
    const events: ResponseEvent[] = [];
    const body = { model: claude, input: 'Hello', stream: true };
    for await (const event of await client.responses.create(body)) events.push(event);
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index));
    expect([...new Set(events.map(({ type }) => type))]).toEqual([
      ...['response.created', 'response.in_progress', 'response.output_item.added', 'response.content_part.added'],
      ...['response.output_text.delta', 'response.output_text.done', 'response.content_part.done'],
      ...['response.output_item.done', 'response.completed'],
    ]);
  });

  it('calls two tools, and sends their results and the reasoning back', async () => {
    const first = {
      model: claude,
      tools,
      store: false,
      reasoning: { effort: 'low', summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    };
    const input = [{ role: 'user', content: question }];
    const { output } = await client.responses.stream({ ...first, input }).finalResponse();
    expect(output).toMatchObject([
      { type: 'reasoning', summary: [{ type: 'summary_text', text: expect.stringContaining('Somebody sent me') }] },
      { type: 'message' },
      { type: 'function_call', name: 'get_weather', arguments: JSON.stringify({ city: question }) },
      { type: 'function_call', name: 'get_time', arguments: JSON.stringify({ city: question }) },
    ]);
    const results = output.flatMap(({ type, call_id }) =>
      type === 'function_call' ? [{ type: 'function_call_output', call_id, output: 'Rain.' }] : [],
    );
    // The emulator refuses reasoning that was changed.
    const second = await client.responses.create({ ...first, input: [...input, ...output, ...results] });
    expect(second.output_text).toContain('Rain.');
    expect(historyOf()).toMatchObject([
      { reasoningContent: { reasoningText: { signature: expect.any(String) } } },
      { text: expect.any(String) },
      { toolUse: { name: 'get_weather' } },
      { toolUse: { name: 'get_time' } },
    ]);
  });

  it('is told what to send in place of a stored response', async () => {
    const body = { model: claude, input: 'Hello', previous_response_id: 'resp_1' };
    await expect(client.responses.create(body)).rejects.toMatchObject({
      ...{ status: 400, code: 'unsupported_parameter', param: 'previous_response_id' },
      message: expect.stringContaining('store:false'),
    });
  });
});

describe.each(['streaming', 'buffered'] as const)("the AI SDK's provider of OpenAI at a %s endpoint", (front) => {
  let sdk: Awaited<ReturnType<typeof startAiSdk>>;
  beforeAll(async () => {
    sdk = await startAiSdk(setup.clients, setup[front]);
  });

  /** Options that make the provider send whole items, with the reasoning that Claude signed. */
  const options = {
    providerOptions: {
      openai: { store: false, forceReasoning: true, reasoningEffort: 'low', reasoningSummary: 'auto' },
    },
  };

  it('streams, calls two tools, and sends the reasoning back', async () => {
    const { ai, provider } = sdk;
    const city = { inputSchema: ai.jsonSchema(parameters), execute: async () => 'Rain, at noon.' };
    const parts: string[] = [];
    let text = '';
    const { fullStream } = ai.streamText({
      model: provider(claude),
      tools: { get_weather: ai.tool(city), get_time: ai.tool(city) },
      stopWhen: ai.stepCountIs(3),
      prompt: question,
      maxRetries: 0,
      ...options,
    });
    for await (const part of fullStream) {
      parts.push(part.type);
      if (part.type === 'text-delta') text += part.text;
      expect(part.error).toBeUndefined();
    }
    expect(text).toContain('Rain, at noon.');
    expect(parts).toEqual(expect.arrayContaining(['reasoning-delta', 'tool-call', 'tool-result', 'finish']));
    expect(parts.filter((part) => part === 'tool-result')).toHaveLength(2);
    expect(historyOf()).toMatchObject([
      { reasoningContent: { reasoningText: { signature: expect.any(String) } } },
      { text: expect.any(String) },
      { toolUse: { name: 'get_weather' } },
      { toolUse: { name: 'get_time' } },
    ]);
  });

  it('receives whole answers', async () => {
    const { ai, provider } = sdk;
    const { text, finishReason } = await ai.generateText({ model: provider(claude), prompt: 'Hello', ...options });
    expect(text).toContain('“Hello”');
    expect(finishReason).toBe('stop');
  });

  it('is refused with the option to set, if it refers to stored items', async () => {
    const { ai, provider } = sdk;
    const city = { inputSchema: ai.jsonSchema(parameters), execute: async () => 'Rain.' };
    const asked = ai.generateText({
      model: provider(claude),
      tools: { get_weather: ai.tool(city) },
      stopWhen: ai.stepCountIs(3),
      prompt: 'Ask get_weather.',
      maxRetries: 0,
    });
    await expect(asked).rejects.toThrow('store:false');
  });
});

describe.each(['streaming', 'buffered'] as const)('the Responses API of LangChain at a %s endpoint', (front) => {
  it('calls tools, and sends their results back', async () => {
    type Messages = {
      readonly HumanMessage: new (text: string) => object;
      readonly ToolMessage: new (fields: object) => object;
    };
    const { HumanMessage, ToolMessage } = await setup.clients.load<Messages>('@langchain/core/messages');
    const start = await startLangChain(setup.clients, setup[front]);
    const functions = tools.map(({ name }) => ({ type: 'function', function: { name, parameters } }));
    const model = start(claude).bindTools(functions);
    const asked = new HumanMessage(question);
    const first = await model.invoke([asked]);
    expect(first.tool_calls?.map(({ name }) => name)).toEqual(['get_weather', 'get_time']);
    const results = first.tool_calls?.map(({ id }) => new ToolMessage({ content: 'Rain.', tool_call_id: id })) ?? [];
    const second = await model.invoke([asked, first, ...results]);
    expect(second.text).toContain('Rain.');
    expect(second.usage_metadata?.total_tokens).toBeGreaterThan(0);
  });
});
