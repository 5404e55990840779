import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorKinds } from '../../errors/error-kinds.js';
import { ProxyError } from '../../errors/proxy-error.js';
import { statusOf } from '../plain-refusal.js';
import { openAiError, openAiRefusal } from './openai-error.js';

const codes = Object.keys(errorKinds) as ErrorCode[];

describe('an error of OpenAI’s API', () => {
  it.each<[ErrorCode, string, string]>([
    ['invalid_request', 'invalid_request', 'invalid_request_error'],
    ['unsupported_parameter', 'unsupported_parameter', 'invalid_request_error'],
    ['missing_token', 'invalid_api_key', 'invalid_request_error'],
    ['invalid_token', 'invalid_api_key', 'invalid_request_error'],
    ['model_not_allowed', 'model_not_allowed', 'invalid_request_error'],
    ['model_not_found', 'model_not_found', 'invalid_request_error'],
    ['throttled', 'rate_limit_exceeded', 'rate_limit_error'],
    ['rate_limited', 'rate_limit_exceeded', 'rate_limit_error'],
    ['quota_exceeded', 'insufficient_quota', 'insufficient_quota'],
    ['budget_exceeded', 'insufficient_quota', 'insufficient_quota'],
    ['internal', 'internal', 'server_error'],
    ['upstream_truncated', 'upstream_truncated', 'server_error'],
  ])('names %s as %s, of type %s', (code, word, type) => {
    const { message } = errorKinds[code];
    expect(openAiError(new ProxyError(code))).toEqual({ message, type, param: null, code: word });
  });

  it('names the place of the first issue, and says all of them', () => {
    const issues = [
      { path: 'messages[0].content', message: 'Send a string.' },
      { path: 'x-amzn-bedrock-trace', message: 'Leave this out.' },
    ];
    expect(openAiError(new ProxyError('invalid_request', { issues }))).toMatchObject({
      message: 'messages[0].content: Send a string. x-amzn-bedrock-trace: Leave this out.',
      param: 'messages[0].content',
    });
  });

  it.each([
    'Input is too long for requested model.',
    'prompt is too long: 210000 tokens > 200000 maximum',
    'Too many input tokens. Max input tokens: 8192, request input token count: 9000',
    'input length and `max_tokens` exceed context limit: 199999 + 4096 > 200000',
    "This model's maximum context length is 8192 tokens.",
  ])('lets clients shorten the conversation: %s', (message) => {
    const refusal = openAiRefusal(new ProxyError('upstream_validation', { message }));
    expect(JSON.parse(String(refusal.body))).toMatchObject({ error: { code: 'context_length_exceeded', message } });
    expect(refusal.status).toBe(400);
  });

  it.each([
    'The maximum tokens you requested exceeds the model limit of 8192.',
    'max_tokens: must be greater than or equal to 1',
  ])('does not take a limit of the answer for one of the context: %s', (message) => {
    expect(openAiError(new ProxyError('upstream_validation', { message })).code).toBe('upstream_validation');
  });
});

describe('a refusal', () => {
  it.each(codes)('has a status, and forbids repetition if that cannot help: %s', (code) => {
    const { status, headers, body } = openAiRefusal(new ProxyError(code, { cause: new Error('secret') }));
    expect(status).toBe(statusOf(code));
    expect(headers['x-should-retry']).toBe(errorKinds[code].retryable ? undefined : 'false');
    expect(Object.keys(JSON.parse(String(body)).error)).toEqual(['message', 'type', 'param', 'code']);
    expect(body).not.toContain('secret');
  });

  it('is one line for every reader', () => {
    const { body } = openAiRefusal(new ProxyError('upstream_validation', { message: 'a\u2028b\nc' }));
    expect(body).not.toMatch(/[\n\u2028]/);
  });
});
