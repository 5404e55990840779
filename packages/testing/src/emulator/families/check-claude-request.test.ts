import { describe, expect, it } from 'vitest';
import type { Payload } from '../payload.js';
import { checkClaudeRequest } from './check-claude-request.js';

const before47 = 'anthropic.claude-opus-4-6-v1';
const since47 = 'anthropic.claude-opus-4-7';
const messages = [{ role: 'user', content: 'Hi' }];
const request = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages };
const source = { type: 'base64', media_type: 'image/png', data: 'AAAA' };

function check(members: Payload, modelName = before47): string | undefined {
  try {
    checkClaudeRequest({ ...request, ...members }, modelName);
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ name: 'ValidationException' });
    return (error as Error).message;
  }
}

const checkContent = (...content: readonly unknown[]) => check({ messages: [{ role: 'user', content }] });
const checkTool = (tool: unknown) => check({ tools: [tool] });

describe('a request to Claude', () => {
  it('may have every member that Bedrock knows', () => {
    const system = [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }];
    expect(
      check({
        ...{ anthropic_beta: ['a'], system, stop_sequences: ['x'], temperature: 0.5, top_p: 1, top_k: 5 },
        ...{ tools: [{ name: 'clock', input_schema: { type: 'object' } }], tool_choice: { type: 'auto' } },
        ...{ thinking: { type: 'disabled' }, metadata: { user_id: 'u' }, output_config: {}, context_management: {} },
      }),
    ).toBeUndefined();
  });

  it.each([
    ['bedrock-2023-05-31', undefined, undefined],
    ['2026-10-21', "Input should be 'bedrock-2023-05-31'", undefined],
    ['2023-06-01', "Input should be 'bedrock-2023-05-31'", "Input should be 'bedrock-2023-05-31'"],
    [7, "Input should be 'bedrock-2023-05-31'", "Input should be 'bedrock-2023-05-31'"],
    [undefined, 'Field required', 'Field required'],
  ])('needs a version that its model knows: %j', (anthropic_version, older, newer) => {
    const sentence = (fault: string | undefined) => fault && `anthropic_version: ${fault}`;
    expect(check({ anthropic_version }, before47)).toBe(sentence(older));
    expect(check({ anthropic_version }, since47)).toBe(sentence(newer));
  });

  it.each(['service_tier', 'mcp_servers', 'container', 'frequency_penalty', 'constructor'])(
    'has no member %s',
    (name) => {
      expect(check({ [name]: 'x' })).toBe(`${name}: Extra inputs are not permitted`);
    },
  );

  it('can cache automatically only from Claude 4.7 on', () => {
    const members = { cache_control: { type: 'ephemeral' } };
    expect(check(members, since47)).toBeUndefined();
    expect(check(members)).toBe('cache_control: Extra inputs are not permitted');
  });

  it.each([
    [{ system: 7 }, 'system: Input should be a valid string or list'],
    [{ system: ['Be brief.'] }, 'system.0: Input should be a valid dictionary'],
    [{ temperature: '0.5' }, 'temperature: Input should be a valid number'],
    [{ top_k: 0.5 }, 'top_k: Input should be a valid integer'],
    [{ stop_sequences: 'x' }, 'stop_sequences: Input should be a valid list of strings'],
    [{ stop_sequences: [1] }, 'stop_sequences: Input should be a valid list of strings'],
    [{ anthropic_beta: 'a' }, 'anthropic_beta: Input should be a valid list of strings'],
    [{ tools: {} }, 'tools: Input should be a valid list'],
    [{ tool_choice: 'auto' }, 'tool_choice: Input should be a valid dictionary'],
    [{ metadata: null }, 'metadata: Input should be a valid dictionary'],
  ])('has members of the right type: %j', (members, message) => {
    expect(check(members)).toBe(message);
  });
});

describe('the content of a message to Claude', () => {
  it('may have every type of block', () => {
    expect(
      checkContent(
        { type: 'text', text: '' },
        { type: 'image', source },
        { type: 'document', source },
        { type: 'tool_use', id: 'a', name: 'b', input: {} },
        { type: 'tool_result', tool_use_id: 'a' },
        { type: 'tool_result', tool_use_id: 'a', content: 'Noon' },
        { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'Noon' }] },
        { type: 'thinking', thinking: '', signature: 'x' },
        { type: 'redacted_thinking', data: 'x' },
      ),
    ).toBeUndefined();
  });

  it.each([
    ['Hi', ': Input should be a valid dictionary'],
    [{ text: 'Hi' }, '.type: Field required'],
    [{ type: 'text' }, '.text.text: Field required'],
    [{ type: 'text', text: ['Hi'] }, '.text.text: Input should be a valid string'],
    [{ type: 'image', source: 'AAAA' }, '.image.source: Input should be a valid dictionary'],
    [{ type: 'tool_use', id: 'a', name: 'b', input: '{}' }, '.tool_use.input: Input should be a valid dictionary'],
    [{ type: 'tool_result' }, '.tool_result.tool_use_id: Field required'],
    [
      { type: 'tool_result', tool_use_id: 'a', content: {} },
      '.tool_result.content: Input should be a valid string or list',
    ],
    [
      { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 7 }] },
      '.tool_result.content.0.text.text: Input should be a valid string',
    ],
    [{ type: 'thinking', thinking: 'So.' }, '.thinking.signature: Field required'],
  ])('has blocks of the right type: %j', (block, message) => {
    expect(checkContent({ type: 'text', text: 'a' }, block)).toBe(`messages.0.content.1${message}`);
  });

  it.each(['input_text', 'image_url', 'constructor', 7])('has no block of the type %s', (type) => {
    expect(checkContent({ type })).toContain(
      `messages.0.content.0: Input tag '${type}' found using 'type' does not match any of the expected tags: 'text', `,
    );
  });
});

describe('a tool of Claude', () => {
  it.each([
    { name: 'a', input_schema: {} },
    { type: 'custom', name: 'a', input_schema: {} },
    { type: 'bash_20250124', name: 'bash' },
    { type: 'computer_20250124', name: 'computer', display_width_px: 1, display_height_px: 1 },
  ])('can be %j', (tool) => {
    expect(checkTool(tool)).toBeUndefined();
  });

  it.each([
    ['clock', 'tools.0: Input should be a valid dictionary'],
    [{ input_schema: {} }, 'tools.0.custom.name: Field required'],
    [{ name: 'a' }, 'tools.0.custom.input_schema: Field required'],
    [{ name: 'a', input_schema: 'object' }, 'tools.0.custom.input_schema: Input should be a valid dictionary'],
    [{ type: 'function', function: {} }, "tools.0: Input tag 'function' found using 'type'"],
    [
      { type: 'web_search_20250305', name: 'web_search' },
      "tools.0: Input tag 'web_search_20250305' found using 'type'",
    ],
  ])('cannot be %j', (tool, message) => {
    expect(checkTool(tool)).toContain(message);
  });
});
