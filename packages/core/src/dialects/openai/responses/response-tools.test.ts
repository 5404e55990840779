import { describe, expect, it } from 'vitest';
import { readResponseTools } from './response-tools.js';
import { converseOf } from './responses-call.test-helper.js';

const parameters = { type: 'object', properties: { a: { type: 'string' } } };
const look = { type: 'function', name: 'look', description: 'Looks.', parameters, strict: true };
const patch = {
  type: 'custom',
  name: 'patch',
  description: 'Patches.',
  format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' },
};
const agents = {
  type: 'namespace',
  name: 'agents',
  description: 'Agents.',
  tools: [{ type: 'function', name: 'close' }],
};

const configOf = (members: object) => converseOf(members).body['toolConfig'];

describe('the tools of a response', () => {
  it('become tools of Converse, each with one name', () => {
    expect(configOf({ tools: [look, patch, agents] })).toEqual({
      tools: [
        { toolSpec: { name: 'look', description: 'Looks.', inputSchema: { json: parameters }, strict: true } },
        {
          toolSpec: {
            name: 'patch',
            description: 'Patches.\n\nThe input must match this lark grammar:\n\nstart: "a"',
            inputSchema: {
              json: {
                type: 'object',
                properties: { input: { type: 'string', description: 'The whole input of the tool, as plain text.' } },
                required: ['input'],
              },
            },
          },
        },
        { toolSpec: { name: 'agents__close', inputSchema: { json: { type: 'object', properties: {} } } } },
      ],
    });
  });

  it('are known by their names', () => {
    const { originOf } = readResponseTools({ tools: [look, patch, agents] });
    expect(originOf('look')).toEqual({ name: 'look', isCustom: false });
    expect(originOf('patch')).toEqual({ name: 'patch', isCustom: true });
    expect(originOf('agents__close')).toEqual({ name: 'close', namespace: 'agents', isCustom: false });
    expect(originOf('unknown')).toEqual({ name: 'unknown', isCustom: false });
  });

  it('are repeated with all members', () => {
    const { echo } = readResponseTools({
      tools: [{ type: 'function', name: 'a' }, { type: 'custom', name: 'b' }, agents],
    });
    expect(echo).toEqual([
      { type: 'function', name: 'a', description: null, parameters: null, strict: null },
      { type: 'custom', name: 'b', description: null, format: { type: 'text' } },
      { ...agents, tools: [{ type: 'function', name: 'close', description: null, parameters: null, strict: null }] },
    ]);
  });

  it('of OpenAI’s own servers are left out, and named', () => {
    const own = ['web_search', 'web_search_preview', 'tool_search', 'image_generation'].map((type) => ({ type }));
    const { body, dropped } = converseOf({ tools: [...own, look] });
    expect(body['toolConfig']).toMatchObject({ tools: [{ toolSpec: { name: 'look' } }] });
    expect(dropped).toBe('body=tools.web_search,tools.web_search_preview,tools.tool_search,tools.image_generation');
    expect(readResponseTools({ tools: own })).toMatchObject({ request: { tools: [] }, echo: [] });
  });

  it.each(['mcp', 'file_search', 'code_interpreter', 'local_shell', 'my_web_search'])(
    'of the type %s are refused',
    (type) => {
      expect(() => converseOf({ tools: [{ type }] })).toThrow(
        expect.objectContaining({
          code: 'unsupported_parameter',
          issues: [{ path: 'tools[0].type', message: expect.anything() }],
        }),
      );
      expect(() => converseOf({ tools: [{ ...agents, tools: [{ type }] }] })).toThrow(
        expect.objectContaining({ issues: [{ path: 'tools[0].tools[0].type', message: expect.anything() }] }),
      );
    },
  );

  it.each([
    ['an object that is none', ['look'], 'tools[0]'],
    ['no type', [{ name: 'look' }], 'tools[0].type'],
    ['no name', [{ type: 'function' }], 'tools[0].name'],
    ['a namespace without a name', [{ ...agents, name: '' }], 'tools[0].name'],
    ['a grammar without a definition', [{ ...patch, format: { type: 'grammar' } }], 'tools[0].format.definition'],
    ['one name twice', [agents, { type: 'function', name: 'agents__close' }], 'tools'],
  ])('are refused with %s', (_, tools, path) => {
    expect(() => converseOf({ tools })).toThrow(
      expect.objectContaining({ code: 'invalid_request', issues: [{ path, message: expect.anything() }] }),
    );
  });
});

describe('the choice of a tool', () => {
  const tools = [look, patch, agents];
  it.each([
    ['auto', undefined],
    ['required', { any: {} }],
    [{ type: 'function', name: 'look' }, { tool: { name: 'look' } }],
    [{ type: 'custom', name: 'patch' }, { tool: { name: 'patch' } }],
    [{ type: 'function', name: 'close', namespace: 'agents' }, { tool: { name: 'agents__close' } }],
  ])('%j is %j', (choice, toolChoice) => {
    expect(configOf({ tools, tool_choice: choice })).toEqual({
      tools: expect.any(Array),
      ...(toolChoice && { toolChoice }),
    });
  });

  it('none is no tools', () => {
    expect(configOf({ tools, tool_choice: 'none' })).toBeUndefined();
  });

  it('of allowed tools leaves the others out', () => {
    const choice = {
      type: 'allowed_tools',
      mode: 'required',
      tools: [{ type: 'web_search' }, { type: 'custom', name: 'patch' }],
    };
    expect(configOf({ tools: [...tools, { type: 'web_search' }], tool_choice: choice })).toMatchObject({
      tools: [{ toolSpec: { name: 'patch' } }],
      toolChoice: { any: {} },
    });
    expect(configOf({ tools, tool_choice: { ...choice, mode: null } })).toEqual({ tools: [expect.anything()] });
  });

  it('is left out without tools, and named', () => {
    expect(converseOf({ tool_choice: 'required' })).toEqual({
      body: expect.not.objectContaining({ toolConfig: expect.anything() }),
      dropped: 'body=tool_choice',
    });
    expect(converseOf({ tool_choice: { type: 'function', name: 'look' } }).dropped).toBe('body=tool_choice');
    expect(converseOf({ tool_choice: 'auto' }).dropped).toBeUndefined();
  });

  it.each([
    [{ type: 'function', name: 'gone' }, 'invalid_request', 'tool_choice.name'],
    [{ type: 'file_search' }, 'unsupported_parameter', 'tool_choice.type'],
    [
      { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'mcp' }] },
      'unsupported_parameter',
      'tool_choice.tools[0].type',
    ],
    ['any', 'invalid_request', 'tool_choice'],
  ])('%j is refused', (choice, code, path) => {
    expect(() => converseOf({ tools, tool_choice: choice })).toThrow(
      expect.objectContaining({ code, issues: [{ path, message: expect.anything() }] }),
    );
  });

  it('of one call at a time is Claude’s own', () => {
    expect(converseOf({ tools, parallel_tool_calls: false }).body['additionalModelRequestFields']).toEqual({
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
  });
});
