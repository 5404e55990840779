/** Tests a client against real failures: the proxy runs in this process, in front of an emulated Bedrock with faults. */
import { bearerTokens, createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { createFunctionUrlHandler } from '@bedrock-proxy/lambda-adapter';
import { type BedrockEmulator, faultModelId, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { createInProcessRuntime, functionUrlFront, type ServedFront, serveFront } from '@bedrock-proxy/testing/lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askProxy } from './ask-proxy.ts';

const token = 'a-token-of-some-length';
let emulator: BedrockEmulator;
let front: ServedFront;

beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
  const credentials = { accessKeyId: 'emulated', secretAccessKey: 'emulated' };
  const invoker = createBedrockInvoker({ endpoint: emulator.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const logger = { info() {}, warn() {}, error() {} };
  const proxy = createProxy({ invoker, access: bearerTokens([{ id: 'test', token }]), logger });
  const runtime = createInProcessRuntime();
  front = await serveFront(functionUrlFront(runtime.run(createFunctionUrlHandler(proxy))));
});
afterAll(async () => {
  await front.close();
  await emulator.close();
});

/** The text that the client yielded, and the error if it failed. */
async function ask(modelId: string, as = token): Promise<{ text: string; error?: unknown }> {
  let text = '';
  const messages = [{ role: 'user', content: 'What is a proxy?' }];
  try {
    const request = { modelId, anthropic_version: 'bedrock-2023-05-31', max_tokens: 200, messages };
    for await (const piece of askProxy(front.url, as, request)) text += piece;
    return { text };
  } catch (error) {
    return { text, error };
  }
}

describe('the client', () => {
  it('reads a response to its end', async () => {
    const { text, error } = await ask('global.anthropic.claude-haiku-5-5');
    expect(error).toBeUndefined();
    expect(text).toContain('What is a proxy?');
  });

  it.each([
    ['a broken connection', faultModelId('connection-reset'), 'upstream_truncated', true],
    ['a stream that ends too early', faultModelId('end-between-frames'), 'upstream_truncated', true],
    ['an exception within the stream', faultModelId('throttling-exception'), 'throttled', true],
  ])('yields the text before %s, and fails', async (_, modelId, code, isRetryable) => {
    const { text, error } = await ask(modelId);
    expect(text).not.toBe('');
    expect(error).toMatchObject({ code, isRetryable });
  });

  it('fails before any text when the request is refused', async () => {
    expect(await ask(faultModelId('http-403'))).toMatchObject({ text: '', error: { code: 'upstream_denied' } });
    expect(await ask('any', 'another-token')).toMatchObject({ text: '', error: { code: 'invalid_token' } });
  });
});
