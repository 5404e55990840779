import { describe, expect, it } from 'vitest';
import { countTokensReply } from './count-tokens-reply.js';

const claude = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const messages = [{ role: 'user', content: [{ text: 'Hi' }] }];
const invokeModel = (body: unknown) => ({
  input: { invokeModel: { body: Buffer.from(JSON.stringify(body)).toString('base64') } },
});

function count(body: unknown, modelId = claude): unknown {
  const { body: [bytes] = [] } = countTokensReply({ modelId, body: Buffer.from(JSON.stringify(body)) }) as {
    body?: Uint8Array[];
  };
  return JSON.parse(Buffer.from(bytes ?? []).toString());
}

it.each([
  [
    'a body for InvokeModel',
    invokeModel({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 1,
      messages: [{ role: 'user', content: 'Hi' }],
    }),
  ],
  ['a conversation', { input: { converse: { messages } } }],
])('CountTokens counts %s', (_, body) => {
  expect(count(body)).toEqual({ inputTokens: 1 });
  expect(count(body, `arn:aws:bedrock:us-east-1::foundation-model/${claude}`)).toEqual({ inputTokens: 1 });
});

describe('CountTokens', () => {
  it.each([
    `us.${claude}`,
    `arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.${claude}`,
    'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdefghijkl',
    'anthropic.claude-3-haiku-20240307-v1:0',
    'amazon.nova-lite-v1:0',
  ])('refuses the model %s', (modelId) => {
    expect(() => count({ input: { converse: { messages } } }, modelId)).toThrow(
      "The provided model doesn't support counting tokens",
    );
  });
});

describe('a request of CountTokens is refused', () => {
  it.each([
    [
      'without max_tokens',
      invokeModel({ anthropic_version: 'bedrock-2023-05-31', messages: [{ role: 'user', content: 'Hi' }] }),
      'max_tokens: Field required',
    ],
    ['if Converse refuses its input', { input: { converse: { messages: [] } } }, 'must start with a user message'],
    ['with a body that is not JSON', { input: { invokeModel: { body: 'e30x' } } }, 'Malformed input request'],
    ['with a body that is not base64', { input: { invokeModel: { body: '{}' } } }, 'must be a blob in base64'],
    ['for no operation', { input: {} }, 'must set one of the following keys: invokeModel, converse'],
    ['for both operations', { input: { converse: {}, invokeModel: {} } }, 'must set one of the following keys'],
    ['for another operation', { input: { converse: {}, rerank: {} } }, 'must set one of the following keys'],
    ['with an input that is not an object', { input: { converse: 'Hi' } }, 'must be an object'],
    ['without an input', {}, 'must set one of the following keys'],
    ['if it is a list', [], 'Malformed input request'],
  ])('%s', (_, body, message) => {
    expect(() => count(body)).toThrow(message);
  });
});
