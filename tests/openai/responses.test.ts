import { type BedrockEmulator, faultModelId, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInProcessOpenAi } from './in-process-openai.ts';
import { readResponseStream } from './read-response-stream.ts';
import { type ResponseBody, responseSchema } from './response-schemas.ts';

const claude = 'anthropic.claude-sonnet-4-6';
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tools = [
  { type: 'function', name: 'look', parameters: schema },
  { type: 'function', name: 'clock' },
  { type: 'custom', name: 'patch', format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' } },
  { type: 'namespace', name: 'agents', description: 'Agents.', tools: [{ type: 'function', name: 'close' }] },
  { type: 'web_search' },
];

let emulator: BedrockEmulator;
let ask: ReturnType<typeof startInProcessOpenAi>;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
  ask = startInProcessOpenAi(emulator.url);
});
afterAll(() => emulator.close());

const situations: readonly (readonly [name: string, members: object, types: readonly string[]])[] = [
  ['a text', {}, ['message']],
  ['a text in tiny blocks', { model: 'amazon.nova-lite-v1:0' }, ['message']],
  ['reasoning without a signature', { model: 'openai.gpt-oss-20b-1:0' }, ['reasoning', 'message']],
  ['signed reasoning', { reasoning: { effort: 'low' } }, ['reasoning', 'message']],
  [
    'encrypted reasoning',
    { input: 'ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING', reasoning: { effort: 'low' } },
    ['reasoning', 'message'],
  ],
  [
    'calls of every kind',
    { input: 'Ask look, clock, patch and agents__close.', reasoning: { effort: 'high' } },
    ['reasoning', 'message', 'function_call', 'function_call', 'custom_tool_call', 'function_call'],
  ],
  ['a call that was forced', { tool_choice: { type: 'custom', name: 'patch' } }, ['custom_tool_call']],
  ['a text that was cut', { max_output_tokens: 5 }, ['message']],
  ['a call that was cut', { input: 'Ask look.', max_output_tokens: 12 }, ['message', 'function_call']],
  [
    'every member that is repeated',
    { instructions: 'Be kind.', metadata: { a: 'b' }, top_p: 0.5, user: 'u' },
    ['message'],
  ],
];

describe.each(situations)('a response with %s', (_, members, types) => {
  const request = { model: claude, input: 'Hi', tools, include: ['reasoning.encrypted_content'], ...members };

  /** What does not differ from one answer to the next. */
  const lasting = ({ output, ...response }: ResponseBody) => ({
    ...response,
    ...{ id: '', created_at: 0, completed_at: 0 },
    output: output.map((item) => ({
      ...{ ...item, id: '' },
      ...('call_id' in item && { call_id: '' }),
      // In a whole answer of Converse, half of the arguments are an empty object.
      ...(item.type === 'function_call' && item.status === 'incomplete' && { arguments: '' }),
    })),
  });

  it('keeps to the schemas, whole and streamed, and is the same in both', async () => {
    const whole = responseSchema.parse(JSON.parse((await ask('/v1/responses', request)).text));
    const { end } = readResponseStream((await ask('/v1/responses', { ...request, stream: true })).text);
    expect(whole.output.map(({ type }) => type)).toEqual(types);
    expect(end && lasting(end)).toEqual(lasting(whole));
  });
});

it('answers the first request of Codex, with its tools and its two messages of the developer', async () => {
  const developer = {
    type: 'message',
    id: 'msg_1',
    role: 'developer',
    content: [{ type: 'input_text', text: 'Be exact.' }],
  };
  const body = {
    ...{ model: claude, stream: true, tool_choice: 'auto', parallel_tool_calls: true, store: false },
    ...{ reasoning: { summary: 'auto' }, include: ['reasoning.encrypted_content'], prompt_cache_key: 'k' },
    ...{ client_metadata: { thread_id: 't' }, text: { verbosity: 'low' } },
    tools: [...tools, { type: 'tool_search', execution: 'client', description: 'Finds tools.', parameters: {} }],
    input: [developer, developer, { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }],
  };
  const { status, headers, text } = await ask('/v1/responses', body);
  expect(status).toBe(200);
  expect(readResponseStream(text).end?.status).toBe('completed');
  expect(headers['x-proxy-dropped']).toBe(
    'body=prompt_cache_key,client_metadata,tools.web_search,tools.tool_search,text.verbosity',
  );
  expect(emulator.requests.at(-1)?.json()).toMatchObject({ system: [{ text: 'Be exact.' }, { text: 'Be exact.' }] });
});

describe('a response that breaks off', () => {
  it.each(['first-frame', 'before-text', 'middle', 'after-end'] as const)('%s', async (position) => {
    const model = faultModelId('throttling-exception', position);
    const { status, text } = await ask('/v1/responses', { model, input: 'Hi', stream: true });
    if (position === 'first-frame') {
      expect({ status, error: JSON.parse(text).error.code }).toEqual({ status: 429, error: 'rate_limit_exceeded' });
      return;
    }
    const { end, events } = readResponseStream(text);
    expect(end?.error).toMatchObject({ code: 'rate_limit_exceeded' });
    expect(events.map(({ type }) => type).slice(-2)).toEqual(['error', 'response.failed']);
  });
});
