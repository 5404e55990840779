import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BedrockEmulator, startBedrockEmulator } from '../start-bedrock-emulator.js';

const claude = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const ask = (text: string) => ({ messages: [{ role: 'user', content: [{ text }] }] });
const properties = {
  city: { type: 'string' },
  days: { type: 'integer' },
  unit: { enum: ['C', 'F'] },
  place: { type: 'object', properties: { hot: { type: 'boolean' } }, required: ['hot'] },
  note: { type: 'string' },
};
const schema = { type: 'object', properties, required: ['city', 'days', 'unit', 'place'] };
const weather = { toolSpec: { name: 'get_weather', inputSchema: { json: schema } } };
const clock = { toolSpec: { name: 'clock', inputSchema: { json: { type: 'object' } } } };
const tools = [clock, weather];

let emulator: BedrockEmulator;
beforeEach(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
});
afterEach(() => emulator.close());

/** Sends a request. The result has the parsed answer if the operation does not stream. */
async function converse(body: object | string, modelId = claude, operation = 'converse') {
  const path = `/model/${encodeURIComponent(modelId)}/${operation}`;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(emulator.url + path, { method: 'POST', body: text });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { response, bytes, answer: operation === 'converse' ? JSON.parse(bytes.toString()) : undefined };
}

describe('an answer in Converse', () => {
  it('quotes the prompt, with counts and a latency', async () => {
    const { answer } = await converse({ ...ask('Hi there'), system: [{ text: 'Be brief.' }] });
    const { outputTokens } = answer.usage;
    expect(answer).toEqual({
      output: { message: { role: 'assistant', content: [{ text: expect.stringContaining('“Hi there”') }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 5, outputTokens, totalTokens: 5 + outputTokens, serverToolUsage: {} },
      metrics: { latencyMs: 0 },
    });
  });

  it('stops at maxTokens', async () => {
    const { answer } = await converse({ ...ask('Hi'), inferenceConfig: { maxTokens: 3 } });
    expect(answer).toMatchObject({ stopReason: 'max_tokens', usage: { outputTokens: 3 } });
  });

  it('stops before a stop sequence, and names it if the request asks for it', async () => {
    const { answer } = await converse({
      ...ask('one two STOP three'),
      inferenceConfig: { stopSequences: ['three', ' STOP', ''] },
      additionalModelResponseFieldPaths: ['/delta/stop_sequence', '/stop_sequence', '/other'],
    });
    expect(answer).toMatchObject({
      stopReason: 'stop_sequence',
      output: { message: { content: [{ text: 'You sent me 4 words: “one two' }] } },
      additionalModelResponseFields: { stop_sequence: ' STOP', delta: { stop_sequence: ' STOP' } },
    });
  });

  it('reads from the cache the part that an earlier prompt wrote', async () => {
    const point = { cachePoint: { type: 'default' } };
    const prompt = (text: string) => ({
      system: [{ text: 'A long system prompt.' }, point],
      messages: [{ role: 'user', content: [{ text }, point, { text: 'Go on.' }] }],
    });
    const usage = async (text: string) => (await converse(prompt(text))).answer.usage;
    expect(await usage('the first')).toMatchObject({
      cacheReadInputTokens: 0,
      cacheWriteInputTokens: 8,
      inputTokens: 1,
    });
    expect(await usage('the first')).toMatchObject({ cacheReadInputTokens: 8, cacheWriteInputTokens: 0 });
    const second = await usage('and another');
    expect(second).toMatchObject({ cacheReadInputTokens: 6, cacheWriteInputTokens: 2 });
    expect(second.totalTokens).toBe(second.inputTokens + second.outputTokens + 8);
  });

  it('is the text of the guardrail, with zero counts, if the prompt is forbidden', async () => {
    const guardrailConfig = { guardrailIdentifier: 'g', guardrailVersion: '1', trace: 'enabled' };
    const { answer } = await converse({ ...ask('a forbidden question'), guardrailConfig });
    expect(answer).toMatchObject({
      output: { message: { content: [{ text: 'The guardrail blocked the input.' }] } },
      stopReason: 'guardrail_intervened',
      usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
      trace: { guardrail: { actionReason: expect.any(String) } },
    });
    expect((await converse(ask('a forbidden question'))).answer.stopReason).toBe('end_turn');
  });

  it('repeats the latency and the service tier of its request', async () => {
    const asked = { performanceConfig: { latency: 'optimized' }, serviceTier: { type: 'flex' } };
    expect((await converse({ ...ask('Hi'), ...asked })).answer).toMatchObject(asked);
  });

  it('names the model that a prompt router chose', async () => {
    const account = 'arn:aws:bedrock:us-east-1:111122223333';
    const routed = async (router: string) => (await converse(ask('Hi'), `${account}:${router}`)).answer.trace;
    const trace = { promptRouter: { invokedModelId: `${account}:inference-profile/us.anthropic.claude-sonnet-4-6` } };
    expect(await routed('prompt-router/abcdefghijkl')).toEqual(trace);
    expect(await routed('default-prompt-router/anthropic.claude:1')).toEqual(trace);
  });

  it.each([
    ['that is no JSON', '{'],
    ['that is no object', '[]'],
  ])('is a SerializationException for a body %s (UNCONFIRMED)', async (_, body) => {
    const { response } = await converse(body);
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toMatch(/^SerializationException:/);
  });
});

describe('a tool', () => {
  const toolUse = (name: string, input: object) => ({
    toolUse: { toolUseId: expect.stringMatching(/^tooluse_[\w-]{22}$/), name, input },
  });
  const play = async (text: string, toolChoice?: object) =>
    (await converse({ ...ask(text), toolConfig: { tools, ...(toolChoice && { toolChoice }) } })).answer;

  it('is called if the prompt names it, with an input that fits its schema', async () => {
    const text = 'Please use get_weather, now.';
    const answer = await play(text);
    expect(answer.stopReason).toBe('tool_use');
    expect(answer.output.message.content).toEqual([
      { text: 'I will call get_weather.' },
      toolUse('get_weather', { city: text, days: 1, unit: 'C', place: { hot: true } }),
    ]);
  });

  it('is called together with the other tools that the prompt names', async () => {
    const { output } = await play('clock and get_weather');
    expect(output.message.content).toMatchObject([{ text: expect.any(String) }, toolUse('clock', {}), {}]);
  });

  it('is called without a text if the request forces it', async () => {
    expect((await play('Hi', { any: {} })).output.message.content).toEqual([toolUse('clock', {})]);
    expect((await play('Hi', { tool: { name: 'get_weather' } })).output.message.content).toMatchObject([
      { toolUse: { name: 'get_weather' } },
    ]);
  });

  it('is not called if the prompt does not name it', async () => {
    for (const toolChoice of [undefined, { auto: {} }]) {
      expect(await play('the_clock or clocks', toolChoice)).toMatchObject({ stopReason: 'end_turn' });
    }
  });

  it('is not called again after its result, and the answer quotes the result', async () => {
    const { output } = await play('clock');
    const [, call] = output.message.content;
    const content = [{ toolResult: { toolUseId: call.toolUse.toolUseId, content: [{ json: { hour: 12 } }] } }];
    const messages = [...ask('clock').messages, output.message, { role: 'user', content }];
    const { answer } = await converse({ messages, toolConfig: { tools, toolChoice: { any: {} } } });
    expect(answer).toMatchObject({
      stopReason: 'end_turn',
      output: { message: { content: [{ text: expect.stringContaining('“{"hour":12}”') }] } },
    });
  });

  it('has an empty input if the tokens run out within the input', async () => {
    const toolConfig = { tools, toolChoice: { tool: { name: 'get_weather' } } };
    const { answer } = await converse({ ...ask('Hi'), toolConfig, inferenceConfig: { maxTokens: 4 } });
    expect(answer).toMatchObject({
      stopReason: 'max_tokens',
      output: { message: { content: [toolUse('get_weather', {})] } },
    });
  });

  it('has an id of nine characters if Mistral calls it', async () => {
    const toolConfig = { tools, toolChoice: { any: {} } };
    const { answer } = await converse({ ...ask('Hi'), toolConfig }, 'mistral.mistral-large-2407-v1:0');
    expect(answer.output.message.content[0].toolUse.toolUseId).toMatch(/^[a-zA-Z0-9]{9}$/);
  });

  it('is refused for Llama 4 only in a stream', async () => {
    const request = { ...ask('Hi'), toolConfig: { tools } };
    const llama = 'us.meta.llama4-scout-17b-instruct-v1:0';
    expect((await converse(request, llama)).response.status).toBe(200);
    const { response, bytes } = await converse(request, llama, 'converse-stream');
    expect(response.status).toBe(400);
    expect(bytes.toString()).toContain("This model doesn't support tool use in streaming mode.");
  });
});

describe('thinking', () => {
  const think = (text: string, thinking: object) => ({ ...ask(text), additionalModelRequestFields: { thinking } });
  const adaptive = { type: 'adaptive' };

  it('comes first and is signed, and is accepted unchanged in the next request', async () => {
    const budget = { type: 'enabled', budget_tokens: 1_024 };
    const { answer } = await converse({ ...think('clock', budget), toolConfig: { tools } });
    const { message } = answer.output;
    expect(message.content).toMatchObject([
      { reasoningContent: { reasoningText: { text: expect.any(String), signature: expect.any(String) } } },
      { text: 'I will call clock.' },
      { toolUse: { name: 'clock' } },
    ]);
    const { toolUseId } = message.content[2].toolUse;
    const results = { role: 'user', content: [{ toolResult: { toolUseId, content: [{ text: 'Noon' }] } }] };
    const messages = [...ask('clock').messages, message, results];
    const again = { ...think('', budget), messages, toolConfig: { tools } };
    expect((await converse(again)).answer).toMatchObject({ stopReason: 'end_turn' });
  });

  it('can be omitted, redacted or disabled', async () => {
    const contentOf = async (text: string, thinking: object) =>
      (await converse(think(text, thinking))).answer.output.message.content;
    expect(await contentOf('Hi', { ...adaptive, display: 'omitted' })).toMatchObject([
      { reasoningContent: { reasoningText: { text: '', signature: expect.any(String) } } },
      { text: expect.any(String) },
    ]);
    expect(await contentOf('ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING', adaptive)).toMatchObject([
      { reasoningContent: { redactedContent: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/) } },
      { text: expect.any(String) },
    ]);
    expect(await contentOf('Hi', { type: 'disabled' })).toEqual([{ text: expect.any(String) }]);
  });

  it('has no signature from a model other than Claude', async () => {
    const { answer } = await converse(ask('Hi'), 'openai.gpt-oss-120b-1:0');
    expect(answer.output.message.content).toEqual([
      { reasoningContent: { reasoningText: { text: expect.any(String) } } },
      { text: expect.stringContaining('“Hi”') },
    ]);
  });
});
