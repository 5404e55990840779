import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../../errors/error-kinds.js';
import { ProxyError } from '../../errors/proxy-error.js';
import { bodyFor, parseCall, secondOf } from './anthropic-call.test-helper.js';
import { type AnthropicCodec, anthropicCodec } from './anthropic-codec.js';

const id = 'us.anthropic.claude-sonnet-5';
const request = { model: id, messages: [{ role: 'user', content: 'Hello' }] };

let codec: AnthropicCodec;
beforeEach(() => {
  codec = anthropicCodec({ region: 'us-east-1' });
});
afterEach(() => void vi.useRealTimers());

const parse = (body: object = request) => parseCall(codec.countTokens, body);

/** The request that Bedrock is asked to count. */
function counted(body: object): unknown {
  const { input } = JSON.parse(bodyFor(parse(body), { id }));
  return JSON.parse(Buffer.from(input.invokeModel.body, 'base64').toString());
}

describe('a count', () => {
  it('is asked for the body of a message, in 3 s', () => {
    const call = parse({ ...request, stream: true, service_tier: 'x' });
    expect(call).toMatchObject({ operation: 'count-tokens', stream: false, timeoutMs: 3_000, modelId: id });
    const { messages } = request;
    expect(counted({ ...request, stream: true, service_tier: 'x' })).toEqual({
      ...{ anthropic_version: 'bedrock-2023-05-31', max_tokens: 1, messages },
    });
  });

  it.each([
    [{ max_tokens: 7 }, { max_tokens: 7 }],
    [{ tools: [] }, { max_tokens: 1 }],
    [{ tools: [{}] }, { max_tokens: 1, tools: [{}] }],
    [{ thinking: { type: 'enabled', budget_tokens: 2_000 } }, { max_tokens: 2_001, thinking: expect.anything() }],
  ])('has what Bedrock demands: %j', (members, sent) => {
    const { messages } = request;
    expect(counted({ ...request, ...members })).toEqual({ anthropic_version: 'bedrock-2023-05-31', messages, ...sent });
  });

  it.each([
    ['us.anthropic.claude-sonnet-5', 'anthropic.claude-sonnet-5'],
    ['us-gov.anthropic.claude-sonnet-5', 'anthropic.claude-sonnet-5'],
    ['anthropic.claude-sonnet-5', 'anthropic.claude-sonnet-5'],
    ['arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-x', 'anthropic.claude-x'],
    ['arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.claude-x', 'anthropic.claude-x'],
  ])('is asked of the bare model of %s', (modelId, asked) => {
    expect(parse().askedAs?.(modelId)).toBe(asked);
  });

  it('is told as Anthropic tells it', () => {
    const answer = (body: string) => ({ body: Buffer.from(body), contentType: 'x', meta: { attempts: 1 } });
    expect(parse().whole([answer('{"inputTokens":12}')], id)).toEqual({
      headers: { 'content-type': 'application/json' },
      body: '{"input_tokens":12}',
    });
    expect(() => parse().whole([answer('{}')], id)).toThrow('no number');
  });
});

describe('an estimate', () => {
  const estimateFor = (modelId: string, body: object = request) => parse(body).bodies({ id: modelId });
  const refusedBy = (code: ErrorCode, sentence = '') => {
    const call = parse();
    bodyFor(call, { id });
    return call.recover?.(new ProxyError(code, { cause: new Error(sentence) }));
  };

  it.each([
    ['model_not_found', ''],
    ['upstream_denied', ''],
    ['upstream_validation', "The provided model doesn't support counting tokens"],
    ['upstream_validation', 'The provided model identifier is invalid.'],
  ] as const)('stands for a count that Bedrock refuses, and for those of 10 minutes: %s %s', (code, sentence) => {
    vi.useFakeTimers();
    expect(refusedBy(code, sentence)).toMatchObject({
      status: 200,
      headers: { 'x-proxy-estimate': 'true', 'request-id': 'r-1' },
      body: '{"input_tokens":12}',
      notes: { estimated: true },
    });
    vi.advanceTimersByTime(599_999);
    expect(estimateFor(id)).toMatchObject({ headers: { 'x-proxy-estimate': 'true' } });
    expect(estimateFor('us.anthropic.other')).not.toHaveProperty('status');
    vi.advanceTimersByTime(2);
    expect(estimateFor(id)).not.toHaveProperty('status');
  });

  it('stands for a count that Bedrock is silent about, once', () => {
    expect(refusedBy('upstream_timeout')).toMatchObject({ headers: { 'x-proxy-estimate': 'true' } });
    expect(estimateFor(id)).not.toHaveProperty('status');
  });

  it.each([
    ['upstream_validation', 'messages: Field required'],
    ['throttled', ''],
    ['upstream_unavailable', ''],
    ['deadline_exceeded', ''],
  ] as const)('does not stand for any other failure: %s', (code, sentence) => {
    expect(refusedBy(code, sentence)).toBeUndefined();
  });

  it.each([
    'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc',
    'arn:aws:bedrock:us-east-1:111122223333:provisioned-model/anthropic.claude',
    'arn:aws:sagemaker:us-east-1:111122223333:endpoint/x',
  ])('stands for a count that cannot be asked for: %s', (modelId) => {
    expect(estimateFor(modelId)).toMatchObject({ status: 200, body: '{"input_tokens":12}' });
  });

  it('says what was dropped', () => {
    const dropped = 'body=service_tier';
    expect(estimateFor('arn:aws:sagemaker:us-east-1:1:endpoint/x', { ...request, service_tier: 1 })).toMatchObject({
      headers: { 'x-proxy-dropped': dropped },
      notes: { estimated: true, dropped },
    });
  });

  it('counts a third of the bytes of what the model reads, and 1,600 for each picture or document', () => {
    const tokens = (members: object) => {
      const answer = estimateFor('arn:aws:sagemaker:us-east-1:1:endpoint/x', { model: 'x', ...members });
      return 'body' in answer && JSON.parse(String(answer.body)).input_tokens;
    };
    const source = { type: 'base64', media_type: 'image/png', data: '' };
    const picture = (data: string) => [
      { content: [{ type: 'tool_result', content: [{ source: { ...source, data } }] }] },
    ];
    expect(tokens({ system: 'abcd' })).toBe(2);
    expect(tokens({ system: 'éé', metadata: 'x'.repeat(100) })).toBe(2);
    expect(tokens({ tools: [], messages: [], system: '' })).toBe(2);
    const empty = Number(tokens({ messages: picture('') }));
    expect(tokens({ messages: picture('A'.repeat(40_000)) })).toBe(empty);
    expect(empty).toBe(1_600 + Math.ceil(JSON.stringify(picture('')).length / 3));
  });
});

it('is asked again without betas, if Bedrock refuses one', () => {
  const call = parseCall(codec.countTokens, request, { 'anthropic-beta': ['effort-2025-11-24'] });
  bodyFor(call, { id });
  const second = secondOf(call, new ProxyError('upstream_validation', { message: 'invalid beta flag' }));
  expect(second.operation).toBe('count-tokens');
  bodyFor(second, { id });
  expect(second.notes).toEqual({ dropped: 'anthropic-beta=effort-2025-11-24' });
});

it("refuses an alias of another maker's model", () => {
  expect(() => parse().bodies({ id: 'amazon.nova-pro-v1:0', alias: 'nova' })).toThrow(/^model: nova is not known/);
});
