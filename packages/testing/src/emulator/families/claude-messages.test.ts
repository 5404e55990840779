import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BedrockEmulator, startBedrockEmulator } from '../start-bedrock-emulator.js';

const claude = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const anthropic_version = 'bedrock-2023-05-31';
const ask = (content: unknown) => ({ anthropic_version, max_tokens: 2_000, messages: [{ role: 'user', content }] });
const input_schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tools = [
  { name: 'clock', input_schema: { type: 'object' } },
  { name: 'get_weather', input_schema },
];
const thinking = { type: 'enabled', budget_tokens: 1_024 };

let emulator: BedrockEmulator;
beforeEach(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
});
afterEach(() => emulator.close());

async function invoke(body: object, modelId = claude) {
  const path = `/model/${encodeURIComponent(modelId)}/invoke`;
  const response = await fetch(emulator.url + path, { method: 'POST', body: JSON.stringify(body) });
  return { headers: response.headers, answer: JSON.parse(await response.text()) };
}

interface Chunk {
  readonly type: string;
  readonly index?: number;
  readonly content_block?: object;
  readonly delta?: { readonly type?: string; readonly partial_json?: string };
}

/** The chunks of a streamed answer. Finds the base64 of each chunk in the frames. */
async function stream(body: object): Promise<Chunk[]> {
  const path = `/model/${encodeURIComponent(claude)}/invoke-with-response-stream`;
  const response = await fetch(emulator.url + path, { method: 'POST', body: JSON.stringify(body) });
  const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
  return [...text.matchAll(/"bytes":"([^"]+)"/g)].map(([, bytes = '']) =>
    JSON.parse(Buffer.from(bytes, 'base64').toString()),
  );
}

describe('Claude in the messages API', () => {
  it('answers with thinking, text and a tool call', async () => {
    const { answer } = await invoke({ ...ask('Ask get_weather.'), tools, thinking });
    expect(answer).toMatchObject({
      content: [
        { type: 'thinking', thinking: expect.any(String), signature: expect.any(String) },
        { type: 'text', text: 'I will call get_weather.' },
        {
          type: 'tool_use',
          id: expect.stringMatching(/^toolu_bdrk_\w{24}$/),
          name: 'get_weather',
          input: { city: 'Ask get_weather.' },
        },
      ],
      stop_reason: 'tool_use',
    });
  });

  it('streams thinking, text and a tool call', async () => {
    const chunks = await stream({ ...ask('Ask get_weather.'), tools, thinking });
    const starts = chunks.flatMap(({ content_block }) => content_block ?? []);
    expect(starts).toMatchObject([
      { type: 'thinking', signature: '' },
      { type: 'text' },
      { type: 'tool_use', input: {} },
    ]);
    const deltas = chunks.filter(({ type }) => type === 'content_block_delta');
    const types = deltas.map(({ index, delta }) => `${index} ${delta?.type}`);
    expect([...new Set(types)]).toEqual([
      '0 thinking_delta',
      '0 signature_delta',
      '1 text_delta',
      '2 input_json_delta',
    ]);
    const json = deltas.flatMap(({ delta }) => delta?.partial_json ?? []);
    expect(json[0]).toBe('');
    expect(JSON.parse(json.join(''))).toEqual({ city: 'Ask get_weather.' });
    expect(chunks.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use', stop_sequence: null } });
  });

  it('accepts its own earlier turn, and quotes the tool results', async () => {
    const { answer } = await invoke({ ...ask('clock'), tools, thinking });
    const [, , call] = answer.content;
    const results = [{ type: 'tool_result', tool_use_id: call.id, content: [{ type: 'text', text: 'Noon' }] }];
    const messages = [
      ...ask('clock').messages,
      { role: 'assistant', content: answer.content },
      ...ask(results).messages,
    ];
    const again = (await invoke({ anthropic_version, max_tokens: 2_000, messages, tools, thinking })).answer;
    expect(again).toMatchObject({
      stop_reason: 'end_turn',
      content: [{}, { text: expect.stringContaining('“Noon”') }],
    });
  });

  it.each([
    ['auto', 'end_turn'],
    ['none', 'end_turn'],
    ['any', 'tool_use'],
  ])('obeys the tool choice %s', async (type, reason) => {
    expect((await invoke({ ...ask('Hi'), tools, tool_choice: { type } })).answer.stop_reason).toBe(reason);
  });

  it('calls the tool that the tool choice names', async () => {
    const { answer } = await invoke({ ...ask('clock'), tools, tool_choice: { type: 'tool', name: 'get_weather' } });
    expect(answer.content).toMatchObject([{ type: 'tool_use', name: 'get_weather' }]);
  });

  it('redacts its thinking if the prompt triggers it', async () => {
    const prompt = ask('ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING');
    const [, start, stop] = await stream({ ...prompt, thinking });
    expect(start).toMatchObject({ index: 0, content_block: { type: 'redacted_thinking', data: expect.any(String) } });
    expect(stop).toEqual({ type: 'content_block_stop', index: 0 });
    expect((await invoke({ ...prompt, thinking })).answer.content[0].type).toBe('redacted_thinking');
  });

  it('stops before a stop sequence and names it', async () => {
    const { answer } = await invoke({ ...ask('one two three'), stop_sequences: [' two'] });
    expect(answer).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: ' two' });
    expect(answer.content[0].text).toMatch(/“one$/);
  });

  it('reads from the cache the part that an earlier prompt wrote', async () => {
    const cached = (text: string) => [{ type: 'text', text, cache_control: { type: 'ephemeral' } }];
    const body = {
      ...ask('eight ch'),
      system: cached('A long system prompt'),
      tools: [{ ...tools[0], cache_control: {} }],
    };
    const first = await invoke(body);
    expect(first.answer.usage).toMatchObject({ cache_read_input_tokens: 0, input_tokens: 2 });
    const { cache_creation_input_tokens: written } = first.answer.usage;
    expect(written).toBeGreaterThan(5);
    const { answer, headers } = await invoke(body);
    expect(answer.usage).toMatchObject({ cache_read_input_tokens: written, cache_creation_input_tokens: 0 });
    expect(headers.get('x-amzn-bedrock-cache-read-input-token-count')).toBe(String(written));
    expect(headers.get('x-amzn-bedrock-cache-write-input-token-count')).toBe('0');
    const other = await invoke(body, 'anthropic.claude-opus-4-6-v1');
    expect(other.answer.usage.cache_read_input_tokens).toBe(0);
  });

  it.each([
    [
      'a forced tool together with thinking',
      { tools, thinking, tool_choice: { type: 'any' } },
      'tool_choice forces tool use',
    ],
    ['a tool choice without a type', { tools, tool_choice: {} }, 'tool_choice.type: Field required'],
    ['a tool choice with an unknown type', { tools, tool_choice: { type: 'all' } }, 'tool_choice: Input tag'],
  ])('refuses %s', async (_, members, message) => {
    expect((await invoke({ ...ask('Hi'), ...members })).answer.message).toContain(message);
  });

  it('refuses thinking that it did not sign', async () => {
    const thought = { role: 'assistant', content: [{ type: 'thinking', thinking: 'So.', signature: 'x' }] };
    const messages = [...ask('Hi').messages, thought, ...ask('And?').messages];
    expect((await invoke({ anthropic_version, max_tokens: 5, messages })).answer.message).toBe(
      'messages.1.content.0: Invalid `signature` in `thinking` block',
    );
  });
});
