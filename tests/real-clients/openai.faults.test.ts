import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenToolCall } from './broken-tool-call.ts';
import { converseFaults } from './converse-faults.ts';
import { type ChatOutcome, chatClients } from './openai-chat-clients.ts';
import { type OpenAiSetup, startOpenAiSetup } from './openai-setup.ts';
import { responsesClients } from './responses-clients.ts';

let setup: OpenAiSetup;
beforeAll(async () => {
  setup = await startOpenAiSetup();
});
afterAll(() => setup[Symbol.asyncDispose]());

function expectHonest(outcome: ChatOutcome, isWhole: boolean): void {
  if (isWhole) {
    expect(outcome).toMatchObject({ error: undefined, isFinished: true, calls: [] });
    expect(outcome.text).toContain('Play a fault, please.');
    return;
  }
  expect(outcome.error).toBeDefined();
  expect(outcome).toMatchObject({ isFinished: false, calls: [] });
}

const apis = [
  ...chatClients.map((client) => ({ api: 'chat completions', ...client })),
  ...responsesClients.map((client) => ({ api: 'the Responses API', ...client })),
];

describe.each(['streaming', 'buffered'] as const)('at a %s endpoint', (front) => {
  describe.each(apis)('$name hears every fault of $api', ({ start }) => {
    let ask: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      ask = await start(setup.clients, setup[front]);
    });

    it.each(converseFaults)('$fault, $position', async ({ modelId, isWhole }) => {
      expectHonest(await ask(modelId), isWhole);
    });

    it.each(brokenToolCall.cuts)('a tool call that breaks off behind %i events', async (events) => {
      setup.emulator.respondWith(brokenToolCall.reply(events));
      try {
        const outcome = await ask('anthropic.claude-sonnet-4-6');
        expect(outcome.error).toBeDefined();
        expect(outcome).toMatchObject({ isFinished: false, calls: [] });
      } finally {
        setup.emulator.respondWith(undefined);
      }
    });

    it('a tool call that is whole', async () => {
      setup.emulator.respondWith(brokenToolCall.reply(brokenToolCall.length));
      try {
        expect(await ask('anthropic.claude-sonnet-4-6')).toMatchObject({
          error: undefined,
          isFinished: true,
          calls: brokenToolCall.calls,
        });
      } finally {
        setup.emulator.respondWith(undefined);
      }
    });
  });
});
