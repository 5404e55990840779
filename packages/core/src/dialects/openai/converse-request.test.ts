import { describe, expect, it } from 'vitest';
import { claude, converseOf, parseChat } from './chat-call.test-helper.js';

const parameters = { type: 'object', properties: { a: { type: 'string' } } };
const tool = (name: string, more: object = {}) => ({ type: 'function', function: { name, parameters, ...more } });
const spec = (name: string, more: object = {}) => ({ toolSpec: { name, inputSchema: { json: parameters }, ...more } });
const tools = [tool('look'), tool('listen')];
const nova = 'us.amazon.nova-lite-v1:0';
const call = { id: '1', type: 'function', function: { name: 'look', arguments: '{"a":1}' } };
const history = [
  { role: 'user', content: 'Go' },
  { role: 'assistant', content: null, tool_calls: [call] },
  { role: 'tool', tool_call_id: '1', content: 'found' },
];

describe('tools', () => {
  it('keep what Converse takes', () => {
    const asked = [tool('look', { description: 'Looks.', strict: true }), tool('listen', { description: ' ' })];
    const bare = { type: 'function', function: { name: 'bare' } };
    expect(converseOf({ tools: [...asked, bare] }).body['toolConfig']).toEqual({
      tools: [
        spec('look', { description: 'Looks.', strict: true }),
        spec('listen'),
        { toolSpec: { name: 'bare', inputSchema: { json: { type: 'object', properties: {} } } } },
      ],
    });
  });

  it.each<[unknown, object]>([
    ['auto', { tools: [spec('look'), spec('listen')] }],
    ['required', { tools: [spec('look'), spec('listen')], toolChoice: { any: {} } }],
    [
      { type: 'function', function: { name: 'look' } },
      { tools: [spec('look'), spec('listen')], toolChoice: { tool: { name: 'look' } } },
    ],
    [
      { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [tool('listen')] } },
      { tools: [spec('listen')], toolChoice: { any: {} } },
    ],
  ])('are chosen as the client says: %j', (tool_choice, toolConfig) => {
    expect(converseOf({ tools, tool_choice }).body['toolConfig']).toEqual(toolConfig);
  });

  it.each<[object, string, string]>([
    [{ tools: [{ type: 'web_search' }] }, 'unsupported_parameter', 'tools[0].type'],
    [{ tools, tool_choice: { type: 'custom' } }, 'unsupported_parameter', 'tool_choice.type'],
    [{ tools, tool_choice: tool('smell') }, 'invalid_request', 'tool_choice.function.name'],
    [{ tools: [{ type: 'function', function: {} }] }, 'invalid_request', 'tools[0].function.name'],
  ])('are refused with %j', (members, code, path) => {
    expect(() => parseChat(members)).toThrow(
      expect.objectContaining({ code, issues: [expect.objectContaining({ path })] }),
    );
  });

  it.each([{ tools, tool_choice: 'none' }, { tools: [] }, {}])(
    'that are none make text of earlier calls and results: %j',
    (members) => {
      const { body } = converseOf({ ...members, messages: history });
      expect(body).not.toHaveProperty('toolConfig');
      expect(body['messages']).toEqual([
        { role: 'user', content: [{ text: 'Go' }] },
        { role: 'assistant', content: [{ text: '[tool call look {"a":1}]' }] },
        { role: 'user', content: [{ text: '[tool result] found' }] },
      ]);
    },
  );

  it('that are none leave the images of results', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
    const messages = [...history.slice(0, 2), { role: 'tool', tool_call_id: '1', content: [image] }];
    expect(converseOf({ messages }).body['messages']).toMatchObject([
      {},
      {},
      { content: [{ text: '[tool result]' }, { image: { format: 'png' } }] },
    ]);
  });

  it('that are none make a choice that is named as left out', () => {
    expect(converseOf({ tool_choice: 'required' }).dropped).toBe('body=tool_choice');
    expect(converseOf({ tool_choice: 'auto' }).dropped).toBeUndefined();
  });

  it('are called one by one by Claude, by its own choice', () => {
    const { body, dropped } = converseOf({ tools, parallel_tool_calls: false });
    expect(body).toMatchObject({
      additionalModelRequestFields: { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
    });
    expect(body['toolConfig']).not.toHaveProperty('toolChoice');
    expect(dropped).toBeUndefined();
  });

  it.each([{ model: nova, tools }, { tools, tool_choice: 'required' }, {}])(
    'are called as the model likes otherwise: %j',
    (members) => {
      const { body, dropped } = converseOf({ ...members, parallel_tool_calls: false });
      expect(body).not.toHaveProperty('additionalModelRequestFields');
      expect(dropped).toBe('body=parallel_tool_calls');
    },
  );
});

describe('names and ids that Converse does not take', () => {
  const long = 'x'.repeat(70);
  const messagesOf = (id: string, name: string) => [
    { role: 'user', content: 'Go' },
    { role: 'assistant', tool_calls: [{ ...call, id, function: { name, arguments: '{}' } }] },
    { role: 'tool', tool_call_id: id, content: 'found' },
  ];
  const sent = (id: string, name = 'look', model = claude) => {
    const [, turn, answer] = converseOf({ model, tools: [tool(name)], messages: messagesOf(id, name) }).body[
      'messages'
    ] as { content: { toolUse: { toolUseId: string; name: string }; toolResult: { toolUseId: string } }[] }[];
    expect(answer?.content[0]?.toolResult.toolUseId).toBe(turn?.content[0]?.toolUse.toolUseId);
    return turn?.content[0]?.toolUse;
  };

  it.each([
    ['call_1-a', 'call_1-a'],
    ['call:1/ä', 'call_1__'],
  ])('are changed as little as possible: %s', (id, safe) => {
    expect(sent(id)?.toolUseId).toBe(safe);
    expect(sent('1', id)?.name).toBe(safe);
  });

  it('are cut, with a hash of the whole', () => {
    expect(sent(long)?.toolUseId).toMatch(/^x{55}_[0-9a-f]{8}$/);
    expect(sent(`${long}1`)?.toolUseId).not.toBe(sent(`${long}2`)?.toolUseId);
  });

  it('are nine letters and digits for Mistral', () => {
    const model = 'mistral.mistral-large-2407-v1:0';
    expect(sent('call_1', 'look', model)?.toolUseId).toMatch(/^[a-z0-9]{9}$/);
    expect(sent('aB3456789', 'look', model)?.toolUseId).toBe('aB3456789');
  });

  it('never become the same', () => {
    const same = [tool('a.b'), tool('a b'), tool('a_b')];
    const { tools: specs } = converseOf({ tools: same }).body['toolConfig'] as { tools: ReturnType<typeof spec>[] };
    const names = specs.map(({ toolSpec }) => toolSpec.name);
    expect(names).toEqual([
      'a_b',
      expect.stringMatching(/^a_b_[0-9a-f]{8}$/),
      expect.stringMatching(/^a_b_[0-9a-f]{8}$/),
    ]);
    expect(new Set(names).size).toBe(3);
  });
});

describe('reasoning', () => {
  const budget = (budget_tokens: number) => ({ thinking: { type: 'enabled', budget_tokens } });

  it.each<[string, object, object]>([
    [
      claude,
      { reasoning_effort: 'max' },
      {
        additionalModelRequestFields: { thinking: { type: 'adaptive', display: 'summarized' } },
        outputConfig: { effort: 'max' },
      },
    ],
    ['us.anthropic.claude-opus-4-7', { reasoning_effort: 'minimal' }, { outputConfig: { effort: 'low' } }],
    [
      'anthropic.claude-sonnet-4-5-20250929-v1:0',
      { reasoning_effort: 'low', max_tokens: 10_000 },
      { additionalModelRequestFields: budget(2_048), inferenceConfig: { maxTokens: 10_000 } },
    ],
    [
      'eu.anthropic.claude-opus-4-1-20250805-v1:0',
      { reasoning_effort: 'xhigh', max_tokens: 3_000 },
      { additionalModelRequestFields: budget(1_976), inferenceConfig: { maxTokens: 3_000 } },
    ],
    [
      'anthropic.claude-3-7-sonnet-20250219-v1:0',
      { reasoning_effort: 'medium' },
      { additionalModelRequestFields: budget(8_192), inferenceConfig: { maxTokens: 12_288 } },
    ],
    [
      'openai.gpt-oss-20b-1:0',
      { reasoning_effort: 'high' },
      { additionalModelRequestFields: { reasoning_effort: 'high' } },
    ],
    [
      'us.amazon.nova-2-lite-v1:0',
      { reasoning_effort: 'max' },
      { additionalModelRequestFields: { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } } },
    ],
  ])('is asked for in the way of the model: %s %j', (model, members, expected) => {
    const { body, dropped } = converseOf({ model, ...members });
    expect(body).toMatchObject(expected);
    expect(dropped).toBeUndefined();
  });

  it.each([
    'anthropic.claude-opus-4-20250514-v1:0',
    'anthropic.claude-opus-4-5-20251101-v1:0',
    'anthropic.claude-haiku-4-5-20251001-v1:0',
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0',
  ])('has a budget: %s', (model) => {
    expect(converseOf({ model, reasoning_effort: 'low' }).body).toMatchObject({
      additionalModelRequestFields: budget(2_048),
    });
  });

  it.each(['anthropic.claude-opus-4-6-v1', 'anthropic.claude-sonnet-5', 'anthropic.claude-opus-4-8'])(
    'is adaptive: %s',
    (model) => {
      expect(converseOf({ model, reasoning_effort: 'low' }).body).toMatchObject({
        additionalModelRequestFields: { thinking: { type: 'adaptive' } },
      });
    },
  );

  it.each([nova, 'meta.llama3-8b-instruct-v1:0', 'anthropic.claude-3-5-sonnet-20240620-v1:0', 'anthropic.claude-v2:1'])(
    'is left out for a model that does not reason on demand: %s',
    (model) => {
      const { body, dropped } = converseOf({ model, reasoning_effort: 'high' });
      expect(body).not.toHaveProperty('additionalModelRequestFields');
      expect(dropped).toBe('body=reasoning_effort');
    },
  );

  it.each(['none', null])('is nothing if the client wants none: %s', (reasoning_effort) => {
    const { body, dropped } = converseOf({ reasoning_effort });
    expect(body).not.toHaveProperty('additionalModelRequestFields');
    expect(dropped).toBeUndefined();
  });

  it('is left out if too few tokens are left for it', () => {
    const { body, dropped } = converseOf({
      model: 'anthropic.claude-haiku-4-5-20251001-v1:0',
      reasoning_effort: 'low',
      max_tokens: 2_000,
    });
    expect(body).not.toHaveProperty('additionalModelRequestFields');
    expect(dropped).toBe('body=reasoning_effort');
  });

  it('takes the sampling from Claude', () => {
    const { body, dropped } = converseOf({ reasoning_effort: 'low', temperature: 0.5, top_p: 0.9, top_k: 5 });
    expect(body).not.toHaveProperty('inferenceConfig');
    expect(body['additionalModelRequestFields']).not.toHaveProperty('top_k');
    expect(dropped).toBe('body=temperature,top_p,top_k');
  });

  it('gives way to a tool that must be called', () => {
    const { body, dropped } = converseOf({ reasoning_effort: 'low', tools, tool_choice: 'required', temperature: 0.5 });
    expect(body).not.toHaveProperty('additionalModelRequestFields');
    expect(body).toMatchObject({ inferenceConfig: { temperature: 0.5 } });
    expect(dropped).toBe('body=reasoning_effort');
    const own = converseOf({ thinking: { type: 'adaptive' }, tools, tool_choice: tool('look') });
    expect(own.body).not.toHaveProperty('additionalModelRequestFields');
    expect(own.dropped).toBe('body=thinking');
  });

  it('with a budget gives way to calls whose reasoning was not sent back', () => {
    const model = 'anthropic.claude-haiku-4-5-20251001-v1:0';
    const ask = { model, tools, reasoning_effort: 'low', messages: history };
    expect(converseOf(ask).dropped).toBe('body=reasoning_effort');
    const reasoning_details = [{ type: 'reasoning.text', text: 'Hm.', signature: 'c2ln' }];
    const signed = history.map((message) =>
      message.role === 'assistant' ? { ...message, reasoning_details } : message,
    );
    expect(converseOf({ ...ask, messages: signed }).body).toMatchObject({
      additionalModelRequestFields: budget(2_048),
    });
    // Adaptive thinking takes calls without it.
    expect(converseOf({ ...ask, model: claude }).dropped).toBeUndefined();
  });

  it('is the client’s own where it sends Claude’s own member', () => {
    const thinking = { type: 'adaptive', display: 'omitted' };
    expect(converseOf({ reasoning_effort: 'low', thinking, temperature: 1 }).body).toMatchObject({
      additionalModelRequestFields: { thinking },
      inferenceConfig: { temperature: 1 },
    });
  });

  it('is of the kind that the operator names for an id that does not tell', () => {
    const model = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc';
    expect(converseOf({ model, reasoning_effort: 'low' }, { reasoning: 'effort' }).body).toMatchObject({
      additionalModelRequestFields: { reasoning_effort: 'low' },
    });
  });
});

describe('cache marks', () => {
  const mark = { cache_control: { type: 'ephemeral' } };
  const point = { cachePoint: { type: 'default' } };

  it('become cache points behind a tool, a part, a message, a call and a result', () => {
    const messages = [
      { role: 'system', content: 'S', ...mark },
      { role: 'user', content: [{ type: 'text', text: 'Go', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
      { role: 'assistant', tool_calls: [{ ...call, ...mark }] },
      { role: 'tool', tool_call_id: '1', content: [{ type: 'text', text: 'found', ...mark }] },
    ];
    const { system, messages: turns } = converseOf({ tools, messages }).body;
    expect(system).toEqual([{ text: 'S' }, point]);
    expect(turns).toMatchObject([
      { content: [{ text: 'Go' }, { cachePoint: { type: 'default', ttl: '1h' } }] },
      { content: [{ toolUse: {} }, point] },
      { content: [{ toolResult: {} }, point] },
    ]);
    expect(converseOf({ tools: [{ ...tool('look'), ...mark }, tool('listen')] }).body['toolConfig']).toEqual({
      tools: [spec('look'), point, spec('listen')],
    });
  });

  it('count from the end: the last four', () => {
    const parts = Array.from({ length: 5 }, (_, index) => ({ type: 'text', text: String(index), ...mark }));
    const { toolConfig, messages } = converseOf({
      tools: [{ ...tool('look'), ...mark }],
      messages: [{ role: 'user', content: parts }],
    }).body;
    expect(toolConfig).toEqual({ tools: [spec('look')] });
    expect(messages).toEqual([
      { role: 'user', content: [{ text: '0' }, ...[1, 2, 3, 4].flatMap((index) => [{ text: String(index) }, point])] },
    ]);
  });

  it('of blank text move to the block before it', () => {
    const content = [
      { type: 'text', text: 'A' },
      { type: 'text', text: ' ', ...mark },
    ];
    expect(converseOf({ messages: [{ role: 'user', content }] }).body['messages']).toEqual([
      { role: 'user', content: [{ text: 'A' }, point] },
    ]);
  });

  it.each([nova, 'us.anthropic.claude-opus-4-7'])('are taken by %s', (model) => {
    const { body, dropped } = converseOf({ model, messages: [{ role: 'user', content: 'A', ...mark }] });
    expect(body['messages']).toEqual([{ role: 'user', content: [{ text: 'A' }, point] }]);
    expect(dropped).toBeUndefined();
  });

  it('are left out for a model that caches nothing, and named', () => {
    const { body, dropped } = converseOf({
      model: 'meta.llama3-8b-instruct-v1:0',
      messages: [{ role: 'user', content: 'A', ...mark }],
    });
    expect(body['messages']).toEqual([{ role: 'user', content: [{ text: 'A' }] }]);
    expect(dropped).toBe('body=cache_control');
  });
});
