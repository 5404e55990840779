import { describe, expect, it } from 'vitest';
import { readConverse } from './read-converse.js';

const claude = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const mistral = 'mistral.mistral-large-2407-v1:0';

const ask = { role: 'user', content: [{ text: 'Hi' }] };
const toolConfig = { tools: [{ toolSpec: { name: 'clock', inputSchema: { json: { type: 'object' } } } }] };
const call = (toolUseId: string, name = 'clock') => ({ toolUse: { toolUseId, name, input: {} } });
const result = (toolUseId: string, members = {}) => ({
  toolResult: { toolUseId, content: [{ text: 'Noon' }], ...members },
});
const messages = [ask, { role: 'assistant', content: [call('a')] }];
const answered = (...content: object[]) => ({ toolConfig, messages: [...messages, { role: 'user', content }] });
const said = (...content: object[]) => ({ messages: [{ role: 'user', content }] });
const budget = { type: 'enabled', budget_tokens: 1_024 };
const thinking = (members = {}, config = {}) => ({
  messages: [ask],
  additionalModelRequestFields: { thinking: { ...budget, ...members } },
  inferenceConfig: { maxTokens: 2_000, ...config },
});

describe('a Converse request is refused', () => {
  it.each([
    ['without messages', {}, "Value at 'messages' failed to satisfy constraint: Member must not be null"],
    ['for messages that are not a list', { messages: 'Hi' }, 'The messages field must be a list'],
    ['for an empty list of messages', { messages: [] }, 'A conversation must start with a user message.'],
    ['for a first message of the assistant', { messages: [messages[1], ask] }, 'must start with a user message'],
    ['for an unknown role', { messages: [{ ...ask, role: 'tool' }] }, "Value 'tool' at 'messages.1.member.role'"],
    [
      'for a message with an empty content',
      said(),
      'The content field in the Message object at messages.0 is empty. Add a',
    ],
    ['for a message without content', { messages: [{ role: 'user' }] }, 'object at messages.0 is empty'],
    ['for a blank text', said({ text: ' \n' }), 'ContentBlock object at messages.0.content.0 is blank. Add text'],
    ['for a blank system text', { messages: [ask], system: [{ text: '' }] }, 'object at system.0 is blank'],
    ['for a block with two kinds', said({ text: 'a', image: {} }), 'must set one of the following keys: text, image'],
    [
      'for a block without a kind',
      said({ type: 'text' }),
      'ContentBlock object at messages.0.content.0 must set one of',
    ],
    ['for a document without a text', said({ document: {} }), 'A text block must be included when using documents.'],
    [
      'for a temperature over 1',
      { messages: [ask], inferenceConfig: { temperature: 1.5 } },
      "Value '1.5' at 'inferenceConfig.temperature' failed to satisfy constraint: Member must have value less than or equal to 1",
    ],
    [
      'for a limit of zero tokens',
      { messages: [ask], inferenceConfig: { maxTokens: 0 } },
      'greater than or equal to 1',
    ],
    ['for a limit that is not a number', { messages: [ask], inferenceConfig: { maxTokens: '5' } }, 'must be a number'],
  ])('%s', (_, payload, message) => {
    expect(() => readConverse(payload, claude)).toThrow(message);
  });

  it('for an unknown member (UNCONFIRMED at the top level)', () => {
    expect(() => readConverse({ messages: [ask], stream: true }, claude)).toThrow(
      'Malformed input request: #: extraneous key [stream] is not permitted, please reformat your input and try again.',
    );
  });
});

describe('a Converse request with tools is refused', () => {
  it.each([
    [
      'for tool blocks without toolConfig',
      { messages: [...messages, { role: 'user', content: [result('a')] }] },
      'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
    ],
    [
      'for more results than calls',
      answered(result('a'), result('b')),
      'The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks of previous turn.',
    ],
    ['for a result without a call', { toolConfig, ...said(result('a')) }, 'at messages.0.content exceeds'],
    [
      'for a missing result',
      answered({ text: 'So?' }),
      'Expected toolResult blocks at messages.2.content for the following Ids: a',
    ],
    ['for the result of another call', answered(result('b')), 'for the following Ids: a'],
    [
      'for an error result without content',
      answered(result('a', { status: 'error', content: [] })),
      'The content field at messages.2.content.0.toolResult cannot be empty when status value is error.',
    ],
    [
      'for an id with other characters',
      answered(result('a.b')),
      "Value 'a.b' at 'messages.3.member.content.1.member.toolResult.toolUseId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+",
    ],
    ['for a long id', answered(result('a'.repeat(65))), 'Member must have length less than or equal to 64'],
    [
      'for a name with other characters',
      { messages: [ask], toolConfig: { tools: [{ toolSpec: { name: 'a b' } }] } },
      "Value 'a b' at 'toolConfig.tools.1.member.toolSpec.name'",
    ],
    [
      'for a call with other characters in its name',
      { toolConfig, messages: [ask, { role: 'assistant', content: [call('a', 'b c')] }] },
      "Value 'b c' at 'messages.2.member.content.1.member.toolUse.name'",
    ],
    ['for an empty list of tools', { messages: [ask], toolConfig: { tools: [] } }, 'length greater than or equal to 1'],
    ['for a toolConfig without tools', { messages: [ask], toolConfig: {} }, "Value at 'toolConfig.tools' failed"],
    [
      'for a tool choice in both places',
      {
        messages: [ask],
        toolConfig: { ...toolConfig, toolChoice: { tool: { name: 'clock' } } },
        additionalModelRequestFields: { tool_choice: { type: 'auto' } },
      },
      'The additional field tool_choice/type conflicts with the existing field toolConfig.toolChoice.tool. Remove tool_choice/type and try again.',
    ],
    [
      'for a tool choice without a type',
      {
        messages: [ask],
        toolConfig,
        additionalModelRequestFields: { tool_choice: { disable_parallel_tool_use: true } },
      },
      'The model returned the following errors: tool_choice.type: Field required',
    ],
  ])('%s', (_, payload, message) => {
    expect(() => readConverse(payload, claude)).toThrow(message);
  });

  it('for an id that Mistral does not accept (UNCONFIRMED: the sentence of Mistral)', () => {
    expect(() => readConverse(answered(result('a')), mistral)).toThrow('must be a-z, A-Z, 0-9, with a length of 9');
  });

  it('for a text next to results, by some models (UNCONFIRMED which)', () => {
    const id = 'abcdefgh1';
    const payload = {
      toolConfig,
      messages: [
        ask,
        { role: 'assistant', content: [call(id)] },
        { role: 'user', content: [result(id), { text: 'So?' }] },
      ],
    };
    expect(() => readConverse(payload, mistral)).toThrow(
      'messages.2.content: Conversation blocks and tool result blocks cannot be provided in the same turn.',
    );
    expect(readConverse(payload, claude).text).toBe('Noon\nSo?');
  });

  it('but not for an empty result of a tool that succeeded (UNCONFIRMED)', () => {
    expect(readConverse(answered(result('a', { content: [] })), claude).calls).toEqual([]);
  });
});

describe('a model refuses', () => {
  it.each([
    [
      'thinking together with a forced tool',
      { ...thinking(), toolConfig: { ...toolConfig, toolChoice: { any: {} } } },
      'The model returned the following errors: Thinking may not be enabled when tool_choice forces tool use.',
    ],
    [
      'thinking with a temperature other than 1',
      thinking({}, { temperature: 0.5 }),
      '`temperature` may only be set to 1 when thinking is enabled.',
    ],
    [
      'a thinking budget over the token limit',
      thinking({ budget_tokens: 2_000 }),
      '`max_tokens` must be greater than `thinking.budget_tokens`.',
    ],
    ['a small thinking budget', thinking({ budget_tokens: 10 }), 'greater than or equal to 1024'],
    ['an unknown type of thinking', thinking({ type: 'deep' }), 'thinking.type: Input should be'],
    [
      'a tool call without thinking before it',
      { ...thinking(), ...answered(result('a')) },
      'Expected `thinking` or `redacted_thinking`, but found `toolUse`.',
    ],
    [
      'thinking that it did not sign',
      {
        messages: [
          ask,
          { role: 'assistant', content: [{ reasoningContent: { reasoningText: { text: 'So.', signature: 'x' } } }] },
          ask,
        ],
      },
      'messages.1.content.0: Invalid `signature` in `thinking` block',
    ],
  ])('%s', (_, payload, message) => {
    expect(() => readConverse(payload, claude)).toThrow(message);
  });

  it.each([
    [
      'a thinking budget',
      'anthropic.claude-opus-4-7',
      thinking(),
      '"thinking.type.enabled" is not supported for this model.',
    ],
    [
      'a temperature',
      'anthropic.claude-opus-4-8',
      { messages: [ask], inferenceConfig: { temperature: 1 } },
      '`temperature` is deprecated for this model.',
    ],
    [
      'top_p',
      'anthropic.claude-opus-4-7',
      { messages: [ask], inferenceConfig: { topP: 0.9 } },
      '`top_p` is deprecated for this model.',
    ],
    [
      'the thinking option of Claude',
      'amazon.nova-lite-v1:0',
      thinking(),
      'extraneous key [thinking] is not permitted',
    ],
    [
      'every conversation',
      'cohere.embed-v4:0',
      { messages: [ask] },
      "This action doesn't support the model that you provided.",
    ],
  ])('%s if it is %s', (_, modelName, payload, message) => {
    expect(() => readConverse(payload, modelName)).toThrow(message);
  });

  it.each([
    ['a message', said({ text: 'Hi' }, { cachePoint: { type: 'default' } })],
    ['the system prompt', { messages: [ask], system: [{ text: 'Be brief.' }, { cachePoint: { type: 'default' } }] }],
    [
      'the tools',
      { messages: [ask], toolConfig: { tools: [...toolConfig.tools, { cachePoint: { type: 'default' } }] } },
    ],
  ])('a cache point in %s if it caches nothing (UNCONFIRMED: 400 or 403)', (_, payload) => {
    const refusal = 'You invoked an unsupported model or your request did not allow prompt caching.';
    for (const modelName of ['meta.llama3-3-70b-instruct-v1:0', 'anthropic.claude-3-haiku-20240307-v1:0']) {
      expect(() => readConverse(payload, modelName)).toThrow(refusal);
    }
    expect(readConverse(payload, claude).cachedPrefixes).toHaveLength(1);
  });
});

it('a Converse request counts the tokens of tools, system prompt and messages, in this order', () => {
  const system = [{ text: 'Be brief.' }];
  const { inputTokens } = readConverse({ messages: [ask], system }, claude);
  expect(inputTokens).toBe(Math.ceil('Be brief.Hi'.length / 4));
  const point = { cachePoint: { type: 'default' } };
  const { cachedPrefixes = [] } = readConverse(
    { ...said({ text: 'Hi' }, point), system: [...system, point], toolConfig: { tools: [...toolConfig.tools, point] } },
    claude,
  );
  const [toolText = '', ...others] = cachedPrefixes;
  expect(JSON.parse(toolText)).toEqual(toolConfig.tools[0]);
  expect(others).toEqual([`${toolText}Be brief.`, `${toolText}Be brief.Hi`]);
});
