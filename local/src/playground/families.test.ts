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
    const question = { turns: [{ role: 'user', text: 'Why?' }], system: '', maxTokens: 400 } as const;
    const { text } = await streamModel(invoker, { modelId, payload: payload(question) }).collect();
    expect(text).toContain('Why?');
    const turns = [...question.turns, { role: 'assistant', text }, { role: 'user', text: 'And how?' }] as const;
    const next = payload({ turns, system: 'Be brief.', maxTokens: 400 });
    expect((await streamModel(invoker, { modelId, payload: next }).collect()).stopReason).toBe('stop');
    // Some models refuse a temperature.
    const all = JSON.stringify(payload({ turns, system: 'Be brief.', maxTokens: 77, temperature: 0.2 }));
    for (const part of ['And how?', 'Be brief.', '"temperature":0.2', ':77']) expect(all).toContain(part);
  },
);
