import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientLibraries } from './client-packages.ts';
import { installPackages } from './installed-packages.ts';
import { faultArn, type Gateway, startGateway, token } from './start-gateway.ts';

type Provider = (model: string) => unknown;

interface ProviderModule {
  createAnthropic(options: object): Provider;
}

/** A part of a stream, as far as the tests read it. */
interface StreamPart {
  readonly type: string;
  readonly finishReason?: string;
}

interface AiModule {
  generateText(request: object): Promise<{ readonly text: string; readonly steps: readonly object[] }>;
  streamText(request: object): { readonly fullStream: AsyncIterable<StreamPart> };
  tool(definition: object): object;
  jsonSchema(schema: object): object;
  stepCountIs(count: number): unknown;
}

let ai: AiModule;
let anthropic: Provider;
let gateway: Gateway;
beforeAll(async () => {
  const packages = await installPackages(clientLibraries);
  ai = await packages.load<AiModule>('ai');
  const { createAnthropic } = await packages.load<ProviderModule>('@ai-sdk/anthropic');
  gateway = await startGateway('function-url');
  anthropic = createAnthropic({ baseURL: `${gateway.url}/v1`, apiKey: token });
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function partsOf(model: string): Promise<StreamPart[]> {
  const parts: StreamPart[] = [];
  const request = { model: anthropic(model), prompt: 'Does it stream?', maxRetries: 0, onError() {} };
  for await (const part of ai.streamText(request).fullStream) parts.push(part);
  return parts;
}

describe("the AI SDK's provider", () => {
  it('generates a text, with the key in x-api-key', async () => {
    const { text } = await ai.generateText({ model: anthropic('claude-sonnet-4-6'), prompt: 'Does it work?' });
    expect(text).toContain('“Does it work?”');
  });

  it('streams to the end', async () => {
    expect((await partsOf('claude-sonnet-4-6')).at(-1)).toMatchObject({ type: 'finish', finishReason: 'stop' });
  });

  it('calls a tool, and answers with its result', async () => {
    const inputSchema = ai.jsonSchema({
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    });
    const { text, steps } = await ai.generateText({
      model: anthropic('claude-sonnet-4-6'),
      prompt: 'Use get_weather for Rome.',
      tools: {
        get_weather: ai.tool({ description: 'The weather.', inputSchema, execute: async () => 'Sunny, 21 degrees' }),
      },
      stopWhen: ai.stepCountIs(3),
    });
    expect(steps).toHaveLength(2);
    expect(text).toContain('Sunny, 21 degrees');
  });

  it.each(['throttling-exception', 'end-between-frames', 'in-band-error', 'bad-checksum'] as const)(
    'hears %s in the middle of a stream, and finishes nothing',
    async (fault) => {
      const parts = await partsOf(faultArn(fault, 'middle'));
      expect(parts.map(({ type }) => type)).toContain('error');
      const reasons = parts.flatMap(({ type, finishReason }) => (type === 'finish' ? [finishReason] : []));
      expect(reasons.filter((reason) => reason !== 'error')).toEqual([]);
    },
  );
});
