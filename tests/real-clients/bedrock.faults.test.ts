import { functionUrlFront, httpApiFront, serveFront } from '@bedrock-proxy/testing/lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultBench, startFaultBench } from '../faults/fault-bench.ts';
import { type FaultCase, faultCases } from '../faults/fault-cases.ts';
import {
  aiSdkClient,
  anthropicClient,
  awsConverseClient,
  awsInvokeClient,
  type StreamingClient,
} from './bedrock-clients.ts';

const token = 'a-token-for-the-faults';
const clients = {
  'AWS SDK, InvokeModelWithResponseStream': awsInvokeClient,
  'AWS SDK, ConverseStream': awsConverseClient,
  '@anthropic-ai/bedrock-sdk': anthropicClient,
  'AI SDK': aiSdkClient,
} as const;
const fronts = ['function-url', 'http'] as const;

let bench: FaultBench;
const servers = new AsyncDisposableStack();
const urls = new Map<string, string>();
beforeAll(async () => {
  bench = servers.use(await startFaultBench(fronts, { AUTH_TOKEN: token }));
  const functionUrl = servers.use(await serveFront(functionUrlFront(bench.sandbox('function-url').invoke)));
  const http = servers.use(await serveFront(httpApiFront(bench.sandbox('http').invoke)));
  urls.set('function-url', functionUrl.url).set('http', http.url);
});
afterAll(() => servers.disposeAsync());

/** The TCP proxy aims at the bytes of an answer of InvokeModel, and ConverseStream has neither of these two faults. */
function appliesTo({ strike, fault }: FaultCase, { operation }: StreamingClient): boolean {
  const isOfInvoke = strike !== undefined || fault === 'in-band-error' || fault === 'model-timeout-exception';
  return operation === 'invoke-with-response-stream' || !isOfInvoke;
}

/** The AI SDK skips exceptions whose type it does not know. After the end marker it has the whole answer by then. */
function isUnheard({ fault, position }: FaultCase, { name }: StreamingClient): boolean {
  return name.startsWith('ai,') && fault === 'unknown-exception' && position === 'after-end';
}

describe.each(fronts)('behind %s', (front) => {
  describe.each(Object.entries(clients))('%s', (_, create) => {
    let client: StreamingClient;
    beforeAll(async () => {
      client = await create({ url: urls.get(front) ?? '', token });
      expect(await client.stream('emulator.unknown-event.after-end')).toMatchObject({ isFinished: true });
    });

    it.each(faultCases)('$fault, $position: $terminal', async (faultCase) => {
      if (!appliesTo(faultCase, client)) return;
      const { modelId, strike, terminal } = faultCase;
      bench.proxy.strikeNext(strike);
      const outcome = await client.stream(modelId);
      bench.proxy.strikeNext(undefined);
      if (isUnheard(faultCase, client)) expect(outcome.text).toBe(bench.emulatedText);
      else if (terminal === 'done') expect(outcome).toMatchObject({ isFinished: true });
      else expect(outcome).toMatchObject({ isFinished: false, error: expect.stringMatching(/./) });
    });
  });
});
