import { describe, expect, it } from 'vitest';
import { claude } from '../chat-call.test-helper.js';
import { converseOf, parseResponses } from './responses-call.test-helper.js';
import { readResponsesRequest } from './responses-request.js';

const nova = 'amazon.nova-lite-v1:0';

describe('a request of the Responses API', () => {
  it('becomes the settings of Converse', () => {
    const members = { max_output_tokens: 50, temperature: 1.5, top_p: 0.9, requestMetadata: undefined };
    expect(converseOf(members)).toEqual({
      body: {
        messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
        inferenceConfig: { maxTokens: 50, temperature: 1, topP: 0.9 },
      },
      dropped: undefined,
    });
  });

  it('asks for text of a schema, or for JSON', () => {
    const schema = { type: 'object' };
    const format = { type: 'json_schema', name: 'answer', description: 'An answer.', schema, strict: true };
    expect(converseOf({ text: { format } }).body['outputConfig']).toEqual({
      textFormat: {
        type: 'json_schema',
        structure: { jsonSchema: { schema: '{"type":"object"}', name: 'answer', description: 'An answer.' } },
      },
    });
    expect(converseOf({ text: { format: { type: 'json_object' } } }).body['system']).toEqual([
      { text: 'Answer with one JSON object and nothing else.' },
    ]);
  });

  it('makes a model reason that reasons on demand', () => {
    expect(converseOf({ reasoning: { effort: 'high', summary: 'auto' } })).toMatchObject({
      body: { additionalModelRequestFields: { thinking: { type: 'adaptive' } }, outputConfig: { effort: 'high' } },
      dropped: undefined,
    });
    expect(converseOf({ model: nova, reasoning: { effort: 'high' } }).dropped).toBe('body=reasoning.effort');
    expect(converseOf({ reasoning: { effort: 'none' } }).dropped).toBeUndefined();
  });

  it('names what it leaves out', () => {
    const members = {
      ...{ user: 'u', metadata: { a: 'b' }, store: true, prompt_cache_key: 'k', safety_identifier: 's' },
      ...{ max_tool_calls: 3, client_metadata: {}, stream_options: { include_obfuscation: false }, truncation: 'auto' },
      ...{ include: ['web_search_call.results'], text: { verbosity: 'low' }, context_management: [{}] },
    };
    expect(converseOf(members).dropped?.slice('body='.length).split(',').sort()).toEqual(
      [...Object.keys(members).filter((name) => name !== 'text'), 'text.verbosity'].sort(),
    );
  });

  it('says nothing of what asks for nothing', () => {
    const members = { store: false, background: false, truncation: 'disabled', top_logprobs: 0 };
    const include = ['reasoning.encrypted_content'];
    expect(converseOf({ ...members, include, stream: true, text: {}, user: null }).dropped).toBeUndefined();
  });

  it('brings the model’s own members', () => {
    const members = { top_k: 5, additionalModelRequestFields: { a: 1 } };
    expect(converseOf(members).body['additionalModelRequestFields']).toEqual({ a: 1, top_k: 5 });
  });

  it('chooses a service tier if its caller may', () => {
    expect(converseOf({ service_tier: 'flex' }).dropped).toBe('body=service_tier');
    const { body, dropped } = converseOf({ service_tier: 'flex' }, {}, { judge: () => [] });
    expect(body['serviceTier']).toEqual({ type: 'flex' });
    expect(dropped).toBeUndefined();
  });

  it('obeys the settings of an alias', () => {
    const { body, dropped } = converseOf(
      { temperature: 0.5, max_output_tokens: 900 },
      { drop: ['temperature'], maxTokens: 100 },
    );
    expect(body['inferenceConfig']).toEqual({ maxTokens: 100 });
    expect(dropped).toBe('body=temperature');
  });

  it('is streamed if it asks for it', () => {
    expect(parseResponses({ stream: true })).toMatchObject({ stream: true, operation: 'converse', modelId: claude });
    expect(parseResponses({ stream: null })).toMatchObject({ stream: false });
  });

  it.each([
    [{ previous_response_id: 'resp_1' }, 'previous_response_id', 'send store:false, and the whole conversation'],
    [{ conversation: 'conv_1' }, 'conversation', 'send store:false, and the whole conversation'],
    [{ prompt: { id: 'p' } }, 'prompt', 'send instructions and input'],
    [{ background: true }, 'background', 'send stream:true'],
    [{ top_logprobs: 2 }, 'top_logprobs', 'Leave it out'],
  ])('is refused with %j, and told what to do', (members, path, message) => {
    expect(() => converseOf(members)).toThrow(
      expect.objectContaining({
        code: 'unsupported_parameter',
        issues: [{ path, message: expect.stringContaining(message) }],
      }),
    );
  });

  it.each([
    [{ model: '' }, 'model'],
    [{ instructions: 5 }, 'instructions'],
    [{ stream: 'yes' }, 'stream'],
    [{ max_output_tokens: 0 }, 'max_output_tokens'],
    [{ temperature: '1' }, 'temperature'],
    [{ top_p: '1' }, 'top_p'],
    [{ text: 'low' }, 'text'],
    [{ text: { format: { type: 'xml' } } }, 'text.format.type'],
    [{ text: { format: { type: 'json_schema' } } }, 'text.format.schema'],
    [{ reasoning: 'high' }, 'reasoning'],
    [{ reasoning: { effort: 'very' } }, 'reasoning.effort'],
    [{ include: 'all' }, 'include'],
    [{ truncation: true }, 'truncation'],
    [{ tools: {} }, 'tools'],
    [{ parallel_tool_calls: 1 }, 'parallel_tool_calls'],
  ])('is refused with %j', (members, path) => {
    expect(() => converseOf(members)).toThrow(
      expect.objectContaining({ code: 'invalid_request', issues: [{ path, message: expect.anything() }] }),
    );
  });

  it('refuses settings of Bedrock that its caller may not set', () => {
    expect(() => converseOf({ guardrailConfig: {} })).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});

describe('the members of an answer that repeat the request', () => {
  const echoOf = (members: object, mayChooseTier = false) =>
    readResponsesRequest({ model: claude, input: 'Hi', ...members }, { mayChooseTier }).echo;

  it('are all there', () => {
    expect(echoOf({})).toEqual({
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: {},
      parallel_tool_calls: true,
      previous_response_id: null,
      temperature: 1,
      top_p: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      top_logprobs: 0,
      tool_choice: 'auto',
      tools: [],
      truncation: 'disabled',
      text: { format: { type: 'text' } },
      reasoning: { effort: null, summary: null },
      user: null,
      safety_identifier: null,
      prompt_cache_key: null,
      store: false,
      background: false,
      service_tier: 'default',
    });
  });

  it('are as sent, but for what is not done', () => {
    const sent = {
      ...{ instructions: 'Be kind.', temperature: 0, parallel_tool_calls: false, metadata: { a: 'b' }, user: 'u' },
      text: { format: { type: 'json_object' }, verbosity: 'low' },
      reasoning: { effort: 'low', summary: 'auto' },
    };
    expect(echoOf({ ...sent, store: true, service_tier: 'flex' })).toMatchObject({
      ...sent,
      store: false,
      service_tier: 'default',
    });
    expect(echoOf({ service_tier: 'priority' }, true)).toMatchObject({ service_tier: 'priority' });
  });
});
