import { type BedrockEmulator, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInProcessOpenAi } from './in-process-openai.ts';

const haiku = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3';
const messages = [{ role: 'user', content: 'Hello' }];

let emulator: BedrockEmulator;
let ask: ReturnType<typeof startInProcessOpenAi>;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
  ask = startInProcessOpenAi(emulator.url, {
    aliases: {
      fast: haiku,
      opaque: {
        targets: [{ model: profile }],
        openai: { drop: ['temperature'], maxTokens: 4_000, reasoning: 'budget' },
      },
    },
    listedModels: ['amazon.nova-lite-v1:0'],
  });
});
afterAll(() => emulator.close());

describe("an alias in OpenAI's API", () => {
  it.each([true, false])('is answered under the id that served: streamed %s', async (stream) => {
    const { headers, text } = await ask('/v1/chat/completions', { model: 'fast', stream, messages });
    expect(headers['x-served-model']).toBe(haiku);
    expect(text).toContain(`"model":"${haiku}"`);
    expect(text).not.toContain('"model":"fast"');
  });

  it('brings the settings of its operator', async () => {
    const asked = { model: 'opaque', temperature: 0.5, max_tokens: 32_000, reasoning_effort: 'high', messages };
    const { status, headers } = await ask('/v1/chat/completions', asked);
    expect(status).toBe(200);
    expect(headers['x-proxy-dropped']).toBe('body=temperature');
    expect(emulator.requests.at(-1)?.json()).toMatchObject({
      inferenceConfig: { maxTokens: 4_000 },
      additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2_976 } },
    });
  });

  it('is listed with the maker of its model', async () => {
    const { text } = await ask('/v1/models');
    expect(JSON.parse(text).data).toMatchObject([
      { id: 'fast', owned_by: 'anthropic' },
      { id: 'opaque' },
      { id: 'amazon.nova-lite-v1:0', owned_by: 'amazon' },
    ]);
  });
});
