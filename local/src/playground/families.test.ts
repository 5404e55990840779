import { streamModel } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { families } from './families.js';

let emulator: Awaited<ReturnType<typeof startBedrockEmulator>>;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
});
afterAll(() => emulator.close());

it.each(families.flatMap(({ models, payload }) => models.map((modelId) => ({ modelId, payload }))))(
  'the request body for $modelId is valid for its family',
  async ({ modelId, payload }) => {
    const credentials = { accessKeyId: 'emulated', secretAccessKey: 'emulated' };
    const invoker = createBedrockInvoker({ region: 'us-east-1', endpoint: emulator.url, credentials });
    const { text } = await streamModel(invoker, { modelId, payload: payload('Why?') }).collect();
    expect(text).toContain('Why?');
  },
);
