import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnthropicClient, type Block, loadAnthropicSdk, streamRaw } from './anthropic-clients.ts';
import { type EndpointName, endpoints, type Gateway, startGateway, token } from './start-gateway.ts';

const model = 'claude-sonnet-4-6';
const question = { model, max_tokens: 2_000, messages: [{ role: 'user', content: 'Does it stream?' }] };
const tools = [
  {
    name: 'get_weather',
    description: 'The weather of a city.',
    input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
];

let newClient: Awaited<ReturnType<typeof loadAnthropicSdk>>;
beforeAll(async () => {
  newClient = await loadAnthropicSdk();
});

describe.each(Object.keys(endpoints) as EndpointName[])("Anthropic's SDK behind %s", (endpoint) => {
  let gateway: Gateway;
  let client: AnthropicClient;
  beforeAll(async () => {
    gateway = await startGateway(endpoint);
    client = newClient(gateway.url, { apiKey: token });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  const textOf = (content: readonly Block[]) => content.map(({ text = '' }) => text).join('');
  const sent = () => gateway.emulator.requests.at(-1)?.json() as Readonly<Record<string, unknown>>;

  it('creates a message', async () => {
    const message = await client.messages.create(question);
    expect(message).toMatchObject({ role: 'assistant', stop_reason: 'end_turn' });
    expect(textOf(message.content)).toContain('“Does it stream?”');
    expect(sent()).toEqual({ ...question, model: undefined, anthropic_version: 'bedrock-2023-05-31' });
    expect(gateway.emulator.requests.at(-1)?.target?.modelId).toBe('us.anthropic.claude-sonnet-4-6');
  });

  it('reads the request id, and what was dropped', async () => {
    const { response } = await client.messages.create({ ...question, service_tier: 'auto' }).withResponse();
    expect(response.headers.get('request-id')).toBe(response.headers.get('x-request-id'));
    expect(response.headers.get('x-proxy-dropped')).toBe('body=service_tier');
  });

  it('reads a raw stream, with one end', async () => {
    const types: string[] = [];
    let text = '';
    for await (const { type, delta } of await streamRaw(client, question)) {
      types.push(type);
      text += delta?.text ?? '';
    }
    expect(types[0]).toBe('message_start');
    expect(types.slice(-2)).toEqual(['message_delta', 'message_stop']);
    expect(text).toContain('“Does it stream?”');
  });

  it('collects a stream', async () => {
    const message = await client.messages.stream(question).finalMessage();
    expect(message.stop_reason).toBe('end_turn');
    expect(message.usage.output_tokens).toBeGreaterThan(5);
  });

  it('finishes a round trip of a tool after signed thinking', async () => {
    const thinking = { type: 'enabled', budget_tokens: 1_024 };
    const ask = { ...question, thinking, tools, messages: [{ role: 'user', content: 'Use get_weather for Rome.' }] };
    const called = await client.messages.stream(ask).finalMessage();
    expect(called.stop_reason).toBe('tool_use');
    expect(called.content[0]).toMatchObject({ type: 'thinking', signature: expect.stringMatching(/./) });
    const call = called.content.find(({ type }) => type === 'tool_use');
    expect(call?.input).toEqual({ city: 'Use get_weather for Rome.' });
    const result = { type: 'tool_result', tool_use_id: call?.id, content: 'Sunny, 21 degrees' };
    const answer = await client.messages.create({
      ...ask,
      messages: [...ask.messages, { role: 'assistant', content: called.content }, { role: 'user', content: [result] }],
    });
    expect(answer.stop_reason).toBe('end_turn');
    expect(textOf(answer.content)).toContain('Sunny, 21 degrees');
  });

  it('counts tokens, and is told an estimate where Bedrock does not count', async () => {
    const { messages } = question;
    expect(await client.messages.countTokens({ model, messages })).toEqual({ input_tokens: 4 });
    const old = { model: 'anthropic.claude-3-haiku-20240307-v1:0', messages };
    expect((await client.messages.countTokens(old)).input_tokens).toBeGreaterThan(10);
    await expect.poll(() => gateway.ends().at(-1)).toMatchObject({ operation: 'count-tokens', estimated: true });
  });

  it('lists models, and finds one', async () => {
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toContain('claude-sonnet-5');
    expect(await client.models.retrieve('claude-sonnet-5')).toMatchObject({ id: 'claude-sonnet-5', type: 'model' });
  });

  it('passes only the betas that Bedrock knows', async () => {
    await client.beta.messages.create({ ...question, betas: ['files-api-2025-04-14', 'effort-2025-11-24'] });
    expect(sent().anthropic_beta).toEqual(['effort-2025-11-24']);
    await expect.poll(() => gateway.ends().at(-1)).toMatchObject({ dropped: 'anthropic-beta=files-api-2025-04-14' });
  });

  it('throws the error of each refusal', async () => {
    const failure = (request: object, own = client) => own.messages.create(request).catch((error: unknown) => error);
    expect(await failure({ ...question, model: 'gpt-5' })).toMatchObject({ status: 404, type: 'not_found_error' });
    expect(await failure({ ...question, max_tokens: 0 })).toMatchObject({
      status: 400,
      message: expect.stringContaining('max_tokens: must be greater than or equal to 1'),
    });
    const stranger = newClient(gateway.url, { apiKey: 'a-token-of-somebody-else' });
    expect(await failure(question, stranger)).toMatchObject({ status: 401, type: 'authentication_error' });
  });
});
