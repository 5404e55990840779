import { type BedrockEmulator, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInProcessOpenAi } from './in-process-openai.ts';
import { readResponseStream } from './read-response-stream.ts';
import { responseHistories } from './response-histories.ts';
import { responseSchema } from './response-schemas.ts';

let emulator: BedrockEmulator;
let ask: ReturnType<typeof startInProcessOpenAi>;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
  ask = startInProcessOpenAi(emulator.url);
});
afterAll(() => emulator.close());

describe('any conversation of the Responses API', () => {
  it('becomes a request that Converse takes, with every text in it', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(responseHistories, async ({ request, texts }) => {
        const { status, text } = await ask('/v1/responses', request);
        // The emulator refuses what breaks a rule of Converse.
        expect({ status, text: status === 200 ? '' : text }).toEqual({ status: 200, text: '' });
        const end = text.startsWith('event: ') ? readResponseStream(text).end : responseSchema.parse(JSON.parse(text));
        expect(end?.status).toMatch(/^(?:completed|incomplete)$/);
        const sent = JSON.stringify(emulator.requests.at(-1)?.json());
        for (const said of texts) expect(sent).toContain(said);
      }),
      { numRuns: 400 },
    );
  });
});
