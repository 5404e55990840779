import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenAiSetup, startOpenAiSetup, token } from './openai-setup.ts';

/** The part of the SDK that is used here. */
interface Sdk {
  readonly default: new (options: object) => Client;
}

interface Client {
  readonly chat: {
    readonly completions: {
      create(body: object, options?: object): Promise<Completion & AsyncIterable<Chunk>>;
      stream(body: object): { finalChatCompletion(): Promise<Completion> };
      runTools(body: object): { finalContent(): Promise<string>; readonly messages: readonly object[] };
    };
  };
  readonly embeddings: { create(body: object): Promise<Embeddings> };
  readonly models: {
    list(): Promise<{ readonly data: readonly { readonly id: string }[] }>;
    retrieve(id: string): Promise<{ readonly id: string }>;
  };
}

interface Message {
  readonly role: string;
  readonly content: string | null;
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly object[];
  readonly tool_calls?: readonly { readonly id: string; readonly function: { name: string; arguments: string } }[];
}

interface Completion {
  readonly id: string;
  readonly model: string;
  readonly choices: readonly { readonly message: Message; readonly finish_reason: string }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number; readonly total_tokens: number };
}

interface Chunk {
  readonly choices: readonly { readonly delta: Partial<Message>; readonly finish_reason: string | null }[];
  readonly usage?: Completion['usage'] | null;
}

interface Embeddings {
  readonly data: readonly { readonly index: number; readonly embedding: readonly number[] }[];
  readonly usage: { readonly prompt_tokens: number };
}

const claude = 'anthropic.claude-sonnet-4-6';
const user = (content: unknown) => ({ role: 'user', content });
const tools = ['get_weather', 'get_time'].map((name) => ({
  type: 'function',
  function: {
    name,
    description: `Calls ${name}.`,
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}));

let setup: OpenAiSetup;
let streaming: Client;
let buffered: Client;
beforeAll(async () => {
  setup = await startOpenAiSetup();
  const { default: OpenAI } = await setup.clients.load<Sdk>('openai');
  streaming = new OpenAI({ apiKey: token, baseURL: setup.streaming });
  buffered = new OpenAI({ apiKey: token, baseURL: setup.buffered });
});
afterAll(() => setup[Symbol.asyncDispose]());

describe.each(['streaming', 'buffered'] as const)("OpenAI's SDK at a %s endpoint", (front) => {
  const client = () => (front === 'streaming' ? streaming : buffered);

  it('receives a whole answer with its counts', async () => {
    const completion = await client().chat.completions.create({ model: claude, messages: [user('What is a proxy?')] });
    expect(completion).toMatchObject({ model: claude, choices: [{ finish_reason: 'stop' }] });
    expect(completion.choices[0]?.message.content).toContain('“What is a proxy?”');
    const { prompt_tokens: prompt, completion_tokens: answer, total_tokens: total } = completion.usage;
    expect(total).toBe(prompt + answer);
    expect(answer).toBeGreaterThan(0);
  });

  it('receives a stream, its reason and its counts', async () => {
    const body = { model: claude, stream: true, stream_options: { include_usage: true }, messages: [user('Hello')] };
    const chunks: Chunk[] = [];
    for await (const chunk of await client().chat.completions.create(body)) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toContain('“Hello”');
    expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(['stop']);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
  });

  it('collects two parallel calls with its helper', async () => {
    const body = { model: claude, tools, messages: [user('Ask get_weather and get_time.')] };
    const { choices } = await client().chat.completions.stream(body).finalChatCompletion();
    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ function: { name: 'get_weather' } }, { function: { name: 'get_time' } }] },
    });
    const [call] = choices[0]?.message.tool_calls ?? [];
    expect(JSON.parse(call?.function.arguments ?? '')).toEqual({ city: 'Ask get_weather and get_time.' });
  });

  it('runs tools until the model answers', async () => {
    const runnable = tools.map(({ function: definition }) => ({
      type: 'function',
      function: { ...definition, parse: JSON.parse, function: async ({ city }: { city: string }) => `42 in ${city}` },
    }));
    const runner = client().chat.completions.runTools({
      model: claude,
      stream: true,
      tools: runnable,
      messages: [user('Ask get_weather and get_time.')],
    });
    expect(await runner.finalContent()).toContain('42 in Ask get_weather');
  });

  it('sends signed reasoning back', async () => {
    const first = { model: claude, reasoning_effort: 'low', tools, messages: [user('Ask get_weather.')] };
    const { choices } = await client().chat.completions.create(first);
    const message = choices[0]?.message;
    expect(message?.reasoning_content).toContain('Somebody sent me');
    const [call] = message?.tool_calls ?? [];
    const messages = [...first.messages, message, { role: 'tool', tool_call_id: call?.id, content: 'Rain.' }];
    // The emulator refuses reasoning that was changed.
    const second = await client().chat.completions.create({ ...first, messages });
    expect(second.choices[0]?.message.content).toContain('Rain.');
    expect(setup.emulator.requests.at(-1)?.json()).toMatchObject({
      messages: [
        {},
        { content: [{ reasoningContent: { reasoningText: {} } }, { text: expect.any(String) }, { toolUse: {} }] },
        {},
      ],
    });
  });

  it('asks for an answer of a schema', async () => {
    const schema = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };
    const format = { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } };
    await client().chat.completions.create({ model: claude, response_format: format, messages: [user('Hello')] });
    const jsonSchema = { name: 'answer', schema: JSON.stringify(schema) };
    expect(setup.emulator.requests.at(-1)?.json()).toMatchObject({
      outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema } } },
    });
  });

  it('embeds lists, in order', async () => {
    const input = ['one', 'two', 'three'];
    const { data, usage } = await client().embeddings.create({ model: 'amazon.titan-embed-text-v2:0', input });
    expect(data.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(data[0]?.embedding.length).toBe(1_024);
    expect(usage.prompt_tokens).toBeGreaterThan(0);
  });

  it('lists models, and finds one', async () => {
    const { data } = await client().models.list();
    expect(data.map(({ id }) => id)).toEqual([claude, 'amazon.nova-lite-v1:0']);
    expect(await client().models.retrieve('amazon.nova-lite-v1:0')).toMatchObject({ owned_by: 'amazon' });
    await expect(client().models.retrieve('gpt-4o')).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  });

  it('names the part of a request that is wrong', async () => {
    const messages = [user([{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }])];
    await expect(client().chat.completions.create({ model: claude, messages })).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_content',
      param: 'messages[0].content[0]',
      type: 'invalid_request_error',
    });
  });

  it('asks once if a repetition cannot help', async () => {
    const before = setup.emulator.requests.length;
    await expect(
      client().chat.completions.create({ model: 'emulator.http-403', messages: [user('Hello')] }),
    ).rejects.toMatchObject({ status: 502, code: 'upstream_denied' });
    expect(setup.emulator.requests.length).toBe(before + 1);
  });
});

it('gives the call up if the client stops', async () => {
  const controller = new AbortController();
  const body = { model: 'emulator.stall', stream: true, messages: [user('Hello')] };
  const stream = await streaming.chat.completions.create(body, { signal: controller.signal });
  for await (const _ of stream) controller.abort();
  expect(controller.signal.aborted).toBe(true);
});
