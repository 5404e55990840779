import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Dynalite, startDynalite } from '../limits/start-dynalite.ts';
import { claude, startBedrock, startInstance, token } from '../limits/start-instance.ts';
import { type InstalledPackages, installPackages } from './installed-packages.ts';

type Constructor<Client> = new (options: object) => Client;

interface OpenAi {
  readonly chat: {
    readonly completions: { create(request: object): Promise<{ readonly choices: readonly object[] }> };
  };
}

interface Anthropic {
  readonly messages: { create(request: object): Promise<{ readonly content: readonly object[] }> };
}

let packages: InstalledPackages;
let dynalite: Dynalite;
beforeAll(async () => {
  [packages, dynalite] = await Promise.all([
    installPackages({ openai: '7.57.0', '@anthropic-ai/sdk': '1.14.0' }),
    startDynalite(),
  ]);
});
afterAll(() => dynalite[Symbol.asyncDispose]());

const request = { model: claude, max_tokens: 100, messages: [{ role: 'user', content: 'What is a proxy?' }] };

const sdks = {
  async openai(url: string) {
    const { default: Client } = await packages.load<{ default: Constructor<OpenAi> }>('openai');
    const client = new Client({ apiKey: token, baseURL: `${url}/v1` });
    return async () => (await client.chat.completions.create(request)).choices;
  },
  async '@anthropic-ai/sdk'(url: string) {
    const { default: Client } = await packages.load<{ default: Constructor<Anthropic> }>('@anthropic-ai/sdk');
    const client = new Client({ apiKey: token, baseURL: url });
    return async () => (await client.messages.create(request)).content;
  },
};

describe.each(Object.entries(sdks))('%s, with its own retries', (_name, connect) => {
  async function start(limits: object, paceMs = 0) {
    const bedrock = await startBedrock(paceMs);
    const environment = {
      ...{ ...bedrock.environment, AWS_ENDPOINT_URL_DYNAMODB: dynalite.url },
      ...{ LIMITS_TABLE: await dynalite.createTable(), LIMITS: JSON.stringify(limits) },
    };
    const [first, second] = await Promise.all([startInstance(environment), startInstance(environment)]);
    onTestFinished(async () => {
      await first[Symbol.asyncDispose]();
      await second[Symbol.asyncDispose]();
      await bedrock[Symbol.asyncDispose]();
    });
    return { first, second, bedrock };
  }

  it.each([
    ['a used budget', { everyone: { tokensPerDay: 130 } }],
    ['a request over a whole limit', { each: { tokensPerMinute: 5 } }],
  ])('gives up after one request at %s', async (_limit, limits) => {
    const { first } = await start(limits);
    const ask = await connect(first.url);
    if ('everyone' in limits) {
      // What is left after this answer is too little for the next.
      expect(await ask()).toHaveLength(1);
    }
    await expect(ask()).rejects.toMatchObject({ status: 429 });
    const refused = () => first.events('request.end').filter(({ status }) => status === 429);
    await expect.poll(() => refused().length).toBe(1);
    // A retry would come within a second.
    await pause(1_500);
    expect(refused()).toMatchObject([{ code: 'budget_exceeded', attempts: 0 }]);
  });

  it('waits at a limit of calls at the same time, and succeeds', async () => {
    const { first, second, bedrock } = await start({ everyone: { concurrent: 1 } }, 25);
    const slow = first.ask();
    // The slot is taken before the model is called.
    await expect.poll(() => bedrock.emulator.requests.length, { timeout: 5_000 }).toBe(1);
    const ask = await connect(second.url);
    const began = performance.now();
    const answer = await ask();
    expect(answer).toHaveLength(1);
    expect((await slow).status).toBe(200);
    const ends = () => second.events('request.end');
    await expect.poll(() => ends().some(({ status }) => status === 200)).toBe(true);
    const codes = ends().map(({ code }) => code ?? 'ok');
    expect(codes).toEqual([...codes.slice(1).map(() => 'rate_limited'), 'ok']);
    expect(codes.length).toBeGreaterThan(1);
    expect(performance.now() - began).toBeGreaterThanOrEqual(1_000 * (codes.length - 1));
  });
});
