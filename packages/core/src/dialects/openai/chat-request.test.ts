import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../errors/proxy-error.js';
import { converseOf, parseChat } from './chat-call.test-helper.js';

describe('the members of a chat completion', () => {
  it.each<[string, object, object]>([
    ['max_tokens', { max_tokens: 9 }, { inferenceConfig: { maxTokens: 9 } }],
    ['max_completion_tokens first', { max_tokens: 9, max_completion_tokens: 8 }, { inferenceConfig: { maxTokens: 8 } }],
    ['temperature', { temperature: 0.5 }, { inferenceConfig: { temperature: 0.5 } }],
    ['a temperature over 1', { temperature: 1.7 }, { inferenceConfig: { temperature: 1 } }],
    ['a temperature under 0', { temperature: -1 }, { inferenceConfig: { temperature: 0 } }],
    ['top_p', { top_p: 0.9 }, { inferenceConfig: { topP: 0.9 } }],
    ['one stop sequence', { stop: 'END' }, { inferenceConfig: { stopSequences: ['END'] } }],
    ['stop sequences', { stop: ['A', '', 'B'] }, { inferenceConfig: { stopSequences: ['A', 'B'] } }],
    ['an empty stop sequence', { stop: '' }, {}],
    [
      'JSON',
      { response_format: { type: 'json_object' } },
      { system: [{ text: 'Answer with one JSON object and nothing else.' }] },
    ],
    ['text', { response_format: { type: 'text' } }, {}],
    ['a member of the model', { top_k: 5, thinking: null }, { additionalModelRequestFields: { top_k: 5 } }],
    [
      'members of the model',
      { additionalModelRequestFields: { top_k: 5, a: 1 }, a: 2 },
      { additionalModelRequestFields: { top_k: 5, a: 2 } },
    ],
    ['null', { temperature: null, stop: null, tools: null, n: null, seed: null, stream: null }, {}],
  ])('become members of Converse: %s', (_, members, expected) => {
    const messages = [{ role: 'user', content: [{ text: 'Hi' }] }];
    expect(converseOf(members)).toEqual({ body: { messages, ...expected }, dropped: undefined });
  });

  it('become a schema for the text', () => {
    const schema = { type: 'object', properties: {} };
    const json_schema = { name: 'n', description: 'd', schema, strict: true };
    expect(converseOf({ response_format: { type: 'json_schema', json_schema } }).body).toMatchObject({
      outputConfig: {
        textFormat: {
          type: 'json_schema',
          structure: { jsonSchema: { schema: JSON.stringify(schema), name: 'n', description: 'd' } },
        },
      },
    });
  });

  it.each([
    ...[
      'seed',
      'frequency_penalty',
      'presence_penalty',
      'logit_bias',
      'user',
      'safety_identifier',
      'metadata',
      'store',
    ],
    ...['prediction', 'verbosity', 'moderation', 'prompt_cache_key', 'prompt_cache_retention', 'reasoning'],
    ...['include_reasoning', 'usage', 'provider', 'transforms', 'enable_thinking', 'chat_template_kwargs'],
  ])('are left out and named: %s', (name) => {
    const { body, dropped } = converseOf({ [name]: 'x' });
    expect(dropped).toBe(`body=${name}`);
    expect(body).not.toHaveProperty('additionalModelRequestFields');
  });

  it('are named together, in the order of the request', () => {
    expect(converseOf({ user: 'u', seed: 1 }).dropped).toBe('body=user,seed');
  });

  it.each([
    { n: 1 },
    { store: false },
    { logprobs: false },
    { top_logprobs: 0 },
    { modalities: ['text'] },
    { seed: 0 },
  ])('are not named if they ask for nothing: %j', (members) => {
    expect(converseOf(members).dropped).toBeUndefined();
  });

  it.each([
    ...[{ n: 2 }, { n: 0 }, { logprobs: true }, { top_logprobs: 3 }, { audio: {} }, { modalities: ['text', 'audio'] }],
    ...[{ web_search_options: {} }, { functions: [] }, { function_call: 'auto' }],
  ])('are refused if the answer could not have them: %j', (members) => {
    const [path] = Object.keys(members);
    expect(() => parseChat(members)).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', issues: [expect.objectContaining({ path })] }),
    );
  });

  it.each<[object, string]>([
    [{ model: 5 }, 'model'],
    [{ model: '' }, 'model'],
    [{ messages: 'Hi' }, 'messages'],
    [{ messages: undefined }, 'messages'],
    [{ stream: 'yes' }, 'stream'],
    [{ stream_options: { include_usage: 1 } }, 'stream_options.include_usage'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ max_tokens: '9' }, 'max_tokens'],
    [{ temperature: '1' }, 'temperature'],
    [{ stop: [1] }, 'stop[0]'],
    [{ response_format: { type: 'xml' } }, 'response_format.type'],
    [{ response_format: { type: 'json_schema', json_schema: {} } }, 'response_format.json_schema.schema'],
    [{ reasoning_effort: 'huge' }, 'reasoning_effort'],
    [{ service_tier: 5 }, 'service_tier'],
    [{ tools: {} }, 'tools'],
    [{ tool_choice: 'any' }, 'tool_choice'],
    [{ parallel_tool_calls: 'no' }, 'parallel_tool_calls'],
    [{ additionalModelRequestFields: [] }, 'additionalModelRequestFields'],
  ])('of a wrong type are named: %j', (members, path) => {
    expect(() => parseChat(members)).toThrow(
      expect.objectContaining({ code: 'invalid_request', issues: [expect.objectContaining({ path })] }),
    );
  });

  it('of an alias may be left out, capped and added by the operator', () => {
    const settings = { drop: ['temperature'], maxTokens: 100, additionalModelRequestFields: { top_k: 1, a: 1 } };
    const { body, dropped } = converseOf({ temperature: 1, max_tokens: 32_000, top_k: 2 }, settings);
    expect(body).toMatchObject({
      inferenceConfig: { maxTokens: 100 },
      additionalModelRequestFields: { top_k: 2, a: 1 },
    });
    expect(body['inferenceConfig']).not.toHaveProperty('temperature');
    expect(dropped).toBe('body=temperature');
  });
});

describe('Bedrock’s own settings', () => {
  it.each([
    ...['guardrailConfig', 'performanceConfig', 'requestMetadata'].map((name) => [{ [name]: {} }, name] as const),
    [{ 'amazon-bedrock-guardrailConfig': {} }, 'amazon-bedrock-guardrailConfig'] as const,
  ])('are refused where the caller may set none: %j', (members, path) => {
    expect(() => parseChat(members)).toThrow(
      expect.objectContaining({ code: 'invalid_request', issues: [expect.objectContaining({ path })] }),
    );
  });

  it('are refused together with those in headers', () => {
    const issues = [{ path: 'x-amzn-bedrock-trace', message: 'Leave this out.' }];
    const failure = () => parseChat({ guardrailConfig: {} }, { issues });
    expect(failure).toThrow(ProxyError);
    expect(failure).toThrow(
      expect.objectContaining({ issues: [issues[0], expect.objectContaining({ path: 'guardrailConfig' })] }),
    );
  });

  it('are passed on where the caller may set them', () => {
    const settings = { guardrailConfig: { guardrailIdentifier: 'g' }, requestMetadata: { team: 'a' } };
    const { body, dropped } = converseOf({ ...settings, service_tier: 'flex' }, {}, { judge: () => [] });
    expect(body).toMatchObject({ ...settings, serviceTier: { type: 'flex' } });
    expect(dropped).toBeUndefined();
  });

  it.each([
    ['flex', 'body=service_tier'],
    ['scale', 'body=service_tier'],
    ['auto', undefined],
    ['default', undefined],
  ])('do not have the tier %s where the caller may set none', (service_tier, dropped) => {
    const sent = converseOf({ service_tier });
    expect(sent.dropped).toBe(dropped);
    expect(sent.body).not.toHaveProperty('serviceTier');
  });
});
