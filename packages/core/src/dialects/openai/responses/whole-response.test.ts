import { describe, expect, it } from 'vitest';
import type { ModelAnswer } from '../../../ports/model-invoker.js';
import { claude } from '../chat-call.test-helper.js';
import { parseResponses } from './responses-call.test-helper.js';

function answer(value: unknown): ModelAnswer {
  return { body: Buffer.from(JSON.stringify(value)), contentType: 'application/json', meta: { attempts: 1 } };
}

const usage = { inputTokens: 5, outputTokens: 3, totalTokens: 8 };

function respond(content: readonly object[], more: object = {}, members: object = {}, alias?: string) {
  const call = parseResponses(members);
  call.bodies({ id: call.modelId, ...(alias !== undefined && { alias }) });
  const whole = { output: { message: { role: 'assistant', content } }, stopReason: 'end_turn', usage, ...more };
  const { headers, body } = call.whole([answer(whole)], 'served');
  expect(headers).toEqual({ 'content-type': 'application/json' });
  return JSON.parse(String(body));
}

describe('a whole response', () => {
  it('has the same items as a stream', () => {
    const content = [
      { reasoningContent: { reasoningText: { text: 'So.', signature: 's' } } },
      { text: 'Hel' },
      { text: 'lo' },
      { toolUse: { toolUseId: 't1', name: 'agents__close', input: { a: 1 } } },
      { toolUse: { toolUseId: 't2', name: 'patch', input: { input: 'p' } } },
    ];
    const tools = [
      { type: 'namespace', name: 'agents', tools: [{ type: 'function', name: 'close' }] },
      { type: 'custom', name: 'patch' },
    ];
    const members = { tools, include: ['reasoning.encrypted_content'] };
    expect(respond(content, { stopReason: 'tool_use' }, members)).toMatchObject({
      id: 'resp_r-1',
      object: 'response',
      model: claude,
      status: 'completed',
      completed_at: expect.any(Number),
      error: null,
      incomplete_details: null,
      output: [
        { id: 'rs_r-1_0', type: 'reasoning', summary: [{ text: 'So.' }], encrypted_content: expect.any(String) },
        { id: 'msg_r-1_1', type: 'message', content: [{ type: 'output_text', text: 'Hello' }] },
        { type: 'function_call', call_id: 't1', name: 'close', namespace: 'agents', arguments: '{"a":1}' },
        { type: 'custom_tool_call', call_id: 't2', name: 'patch', input: 'p' },
      ],
    });
  });

  it('counts cached tokens as part of the input', () => {
    const cached = { ...usage, cacheReadInputTokens: 100, cacheWriteInputTokens: 10 };
    expect(respond([], { usage: cached }).usage).toEqual({
      input_tokens: 115,
      input_tokens_details: { cached_tokens: 100, cache_write_tokens: 10 },
      output_tokens: 3,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 118,
    });
  });

  it('names the tier that Bedrock names, and of an alias the model that served', () => {
    expect(respond([], { serviceTier: { type: 'flex' } }, {}, 'fast')).toMatchObject({
      service_tier: 'flex',
      model: 'served',
    });
  });

  it('is incomplete if the model was stopped', () => {
    expect(respond([{ text: 'Hel' }], { stopReason: 'max_tokens' })).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      completed_at: null,
      output: [{ status: 'incomplete', content: [{ text: 'Hel' }] }],
    });
  });

  it('does not pass a malformed answer on', () => {
    const failure = expect.objectContaining({ code: 'upstream_error' });
    expect(() => respond([], { stopReason: 'malformed_tool_use' })).toThrow(failure);
    const call = parseResponses({});
    call.bodies({ id: call.modelId });
    expect(() => call.whole([answer('')], 'served')).toThrow(failure);
    expect(() => call.whole([], 'served')).toThrow(TypeError);
  });
});
