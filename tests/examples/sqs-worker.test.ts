import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { type BedrockEmulator, faultModelId, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSqsWorker, handler, type Summary } from '../../examples/sqs-worker.ts';

let emulator: BedrockEmulator;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
});
afterAll(() => emulator.close());

async function work(modelId: string) {
  const credentials = { accessKeyId: 'emulated', secretAccessKey: 'emulated' };
  const invoker = createBedrockInvoker({ region: 'us-east-1', endpoint: emulator.url, credentials, maxAttempts: 1 });
  const saved: Summary[] = [];
  const worker = createSqsWorker(invoker, modelId, async (summary) => void saved.push(summary));
  const Records = ['one', 'two'].map((messageId) => ({ messageId, body: `message ${messageId}` }));
  const { batchItemFailures } = await worker({ Records } as SQSEvent);
  return { saved, batchItemFailures };
}

it('the worker summarises every message of a batch', async () => {
  const { saved, batchItemFailures } = await work('global.anthropic.claude-haiku-5-5');
  expect(batchItemFailures).toEqual([]);
  expect(saved.map(({ messageId }) => messageId).sort()).toEqual(['one', 'two']);
  for (const { messageId, text, outputTokens } of saved) {
    expect(text).toContain(`message ${messageId}`);
    expect(outputTokens).toBeGreaterThan(0);
  }
});

it.each([faultModelId('http-429'), faultModelId('end-inside-frame')])(
  'the worker returns the messages to the queue after %s, and saves nothing',
  async (modelId) => {
    expect(await work(modelId)).toEqual({
      saved: [],
      batchItemFailures: [{ itemIdentifier: 'one' }, { itemIdentifier: 'two' }],
    });
  },
);

it('the worker does not retry a permanent failure', async () => {
  const { saved, batchItemFailures } = await work(faultModelId('http-400'));
  expect(batchItemFailures).toEqual([]);
  expect(saved).toContainEqual({ messageId: 'one', code: 'upstream_validation' });
});

it('the example exports a handler that can be deployed', () => {
  expect(handler).toBeTypeOf('function');
});
