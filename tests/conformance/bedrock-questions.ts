import type { ErrorCode } from '@bedrock-proxy/core';
import type { DialectQuestion, DialectQuestions } from '@bedrock-proxy/testing/contract';
import { readBedrockAnswer } from './read-bedrock-answer.ts';

/** The class of the exception for each code, as `readBedrockAnswer` gives it. */
const classes: Readonly<Record<ErrorCode, string>> = {
  invalid_json: 'validation',
  invalid_request: 'validation',
  invalid_model: 'validation',
  unsupported_parameter: 'validation',
  unsupported_content: 'validation',
  upstream_validation: 'validation',
  response_too_large: 'validation',
  unsupported_stream: 'validation',
  body_too_large: 'validation',
  missing_token: 'denied',
  invalid_token: 'denied',
  ip_not_allowed: 'denied',
  model_not_allowed: 'denied',
  stream_not_allowed: 'denied',
  model_not_priced: 'denied',
  not_found: 'unknown operation',
  method_not_allowed: 'unknown operation',
  model_not_found: 'not found',
  throttled: 'throttled',
  rate_limited: 'throttled',
  quota_exceeded: 'throttled',
  budget_exceeded: 'throttled',
  model_not_ready: 'unavailable',
  upstream_unavailable: 'unavailable',
  auth_unavailable: 'unavailable',
  limits_unavailable: 'unavailable',
  upstream_timeout: 'unavailable',
  deadline_exceeded: 'unavailable',
  upstream_denied: 'failed',
  upstream_error: 'failed',
  upstream_truncated: 'failed',
  internal: 'failed',
};

const messages = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }];
const claude = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages };
const converse = { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] };

const ask = (operation: string, body: object): DialectQuestion => ({
  request: {
    path: `/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/${operation}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  },
  read: readBedrockAnswer,
});

const errorCode = (code: ErrorCode) => classes[code];

/** Asks Claude by InvokeModel, and reads as an SDK does. */
export const invokeQuestions: DialectQuestions = {
  whole: ask('invoke', claude),
  stream: ask('invoke-with-response-stream', claude),
  errorCode,
};

/** The same by Converse. */
export const converseQuestions: DialectQuestions = {
  whole: ask('converse', converse),
  stream: ask('converse-stream', converse),
  errorCode,
};
