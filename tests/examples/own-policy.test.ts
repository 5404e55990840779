import { allOf, bearerTokens, createProxy, modelAllowlist } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { createFunctionUrlHandler } from '@bedrock-proxy/lambda-adapter';
import { type BedrockEmulator, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { createInProcessRuntime, functionUrlFront, type ServedFront, serveFront } from '@bedrock-proxy/testing/lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { budgetsInMemory, handler, withinBudget } from '../../examples/own-policy.ts';

const token = 'a-token-of-some-length';
const budgets = budgetsInMemory({ search: 20 });
const logger = { info() {}, warn() {}, error() {} };
let emulator: BedrockEmulator;
let front: ServedFront;

beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
  const credentials = { accessKeyId: 'emulated', secretAccessKey: 'emulated' };
  const invoker = createBedrockInvoker({ region: 'us-east-1', endpoint: emulator.url, credentials });
  const known = bearerTokens([{ id: 'search', token }]);
  const access = allOf(modelAllowlist(['*anthropic.*']), withinBudget(known, budgets));
  const runtime = createInProcessRuntime();
  front = await serveFront(
    functionUrlFront(runtime.run(createFunctionUrlHandler(createProxy({ invoker, access, logger })))),
  );
});
afterAll(async () => {
  await front.close();
  await emulator.close();
});

async function ask(modelId: string, as = token) {
  const body = JSON.stringify({
    modelId,
    stream: true,
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hi' }],
  });
  const response = await fetch(front.url, { method: 'POST', headers: { authorization: `Bearer ${as}` }, body });
  return { status: response.status, text: await response.text() };
}

it('the policy admits a team until its budget is spent, and settles the tokens of each response', async () => {
  const modelId = 'global.anthropic.claude-haiku-4-5-20251001-v1:0';
  expect(await ask(modelId)).toMatchObject({ status: 200, text: expect.stringContaining('[DONE]') });
  expect(await budgets.left('search')).toBeLessThanOrEqual(0);
  const spent = await ask(modelId);
  expect(spent).toMatchObject({ status: 429, text: expect.stringContaining('The budget of this team is spent.') });
});

it('the policy refuses a caller that the wrapped policy refuses', async () => {
  expect((await ask('global.anthropic.claude-haiku-4-5-20251001-v1:0', 'another-token')).status).toBe(401);
});

it('the example exports a handler that can be deployed', () => {
  expect(handler).toBeTypeOf('function');
});
