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
const clients = [
  ['AWS SDK', 'invoke-with-response-stream', awsInvokeClient],
  ['AWS SDK', 'converse-stream', awsConverseClient],
  ['@anthropic-ai/bedrock-sdk', 'invoke-with-response-stream', anthropicClient],
  ['AI SDK', 'converse-stream', aiSdkClient],
] as const;
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
function isOfInvoke({ strike, fault }: FaultCase): boolean {
  return strike !== undefined || fault === 'in-band-error' || fault === 'model-timeout-exception';
}

describe.each(fronts)('behind %s', (front) => {
  describe.each(clients)('%s, %s', (_, operation, create) => {
    const cases = faultCases.filter((faultCase) => operation !== 'converse-stream' || !isOfInvoke(faultCase));
    let client: StreamingClient;
    beforeAll(async () => {
      client = await create({ url: urls.get(front) ?? '', token });
      expect(await client.stream('emulator.unknown-event.after-end')).toMatchObject({ isFinished: true });
    });

    it.each(cases)('$fault, $position: $terminal', async ({ modelId, strike, terminal }) => {
      bench.proxy.strikeNext(strike);
      const outcome = await client.stream(modelId);
      bench.proxy.strikeNext(undefined);
      if (terminal === 'done') expect(outcome).toMatchObject({ isFinished: true });
      else expect(outcome).toMatchObject({ isFinished: false, error: expect.stringMatching(/./) });
    });
  });
});
