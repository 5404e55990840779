import { describe, expect, it } from 'vitest';
import type { ModelAnswer } from '../../ports/model-invoker.js';
import { claude, parseChat } from './chat-call.test-helper.js';

const usage = { inputTokens: 5, outputTokens: 3, totalTokens: 8 };

function answer(value: unknown): ModelAnswer {
  return { body: Buffer.from(JSON.stringify(value)), contentType: 'application/json', meta: { attempts: 1 } };
}

function complete(content: readonly object[], more: object = {}, members: object = {}, alias?: string) {
  const call = parseChat(members);
  call.bodies({ id: call.modelId, ...(alias !== undefined && { alias }) });
  const message = { role: 'assistant', content };
  const { headers, body } = call.whole(
    [answer({ output: { message }, stopReason: 'end_turn', usage, ...more })],
    'served',
  );
  expect(headers).toEqual({ 'content-type': 'application/json' });
  return JSON.parse(String(body));
}

describe('a whole chat completion', () => {
  it('has every member that strict clients want', () => {
    expect(complete([{ text: 'Hel' }, { text: 'lo' }])).toEqual({
      id: 'chatcmpl-r-1',
      object: 'chat.completion',
      created: expect.any(Number),
      model: claude,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 5,
        completion_tokens: 3,
        total_tokens: 8,
        prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      },
    });
  });

  it('counts cached tokens as part of the prompt', () => {
    const cached = { ...usage, cacheReadInputTokens: 100, cacheWriteInputTokens: 10 };
    expect(complete([], { usage: cached }).usage).toEqual({
      prompt_tokens: 115,
      completion_tokens: 3,
      total_tokens: 118,
      prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 10 },
    });
  });

  it('has calls with the names that the client gave', () => {
    const tools = [{ type: 'function', function: { name: 'mcp:look' } }];
    const content = [
      { toolUse: { toolUseId: 't1', name: 'mcp_look', input: { a: 1 } } },
      { toolUse: { toolUseId: 's1', name: 'search', input: {}, type: 'server_tool_use' } },
      { toolUse: { toolUseId: 't2', name: 'mcp_look', input: {} } },
    ];
    expect(complete(content, { stopReason: 'end_turn' }, { tools }).choices[0]).toMatchObject({
      message: {
        content: null,
        tool_calls: [
          { id: 't1', type: 'function', function: { name: 'mcp:look', arguments: '{"a":1}' } },
          { id: 't2', type: 'function', function: { name: 'mcp:look', arguments: '{}' } },
        ],
      },
      finish_reason: 'tool_calls',
    });
  });

  it('has reasoning, and its signed blocks to be sent back', () => {
    const content = [
      { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } },
      { reasoningContent: { redactedContent: 'ZW5j' } },
      { reasoningContent: { reasoningText: { text: ' Unsigned.' } } },
      { text: 'So.' },
    ];
    expect(complete(content).choices[0].message).toEqual({
      role: 'assistant',
      content: 'So.',
      refusal: null,
      reasoning_content: 'Hm. Unsigned.',
      reasoning_details: [
        { type: 'reasoning.text', index: 0, text: 'Hm.', signature: 'c2ln', format: 'anthropic-claude-v1' },
        { type: 'reasoning.encrypted', index: 1, data: 'ZW5j', format: 'anthropic-claude-v1' },
      ],
    });
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['something_new', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['content_filtered', 'content_filter'],
    ['guardrail_intervened', 'content_filter'],
    ['refusal', 'content_filter'],
  ])('ends for a reason: %s is %s', (stopReason, reason) => {
    expect(complete([{ text: 'a' }], { stopReason }).choices[0].finish_reason).toBe(reason);
  });

  it.each(['malformed_model_output', 'malformed_tool_use'])('is none if the model failed: %s', (stopReason) => {
    expect(() => complete([], { stopReason })).toThrow(expect.objectContaining({ code: 'upstream_error' }));
  });

  it.each([{}, { output: 5 }, []])('is none if the answer is none of Converse: %j', (value) => {
    const call = parseChat({});
    call.bodies({ id: claude });
    expect(() => call.whole([answer(value)], claude)).toThrow(expect.objectContaining({ code: 'upstream_error' }));
  });

  it('names the model as the client did, and for an alias the model that answered', () => {
    expect(complete([], {}, { model: 'fast' }, 'fast').model).toBe('served');
    expect(complete([], { serviceTier: { type: 'flex' } })).toMatchObject({ model: claude, service_tier: 'flex' });
  });
});
