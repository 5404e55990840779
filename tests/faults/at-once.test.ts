import { randomUUID } from 'node:crypto';
import { type BedrockEmulator, faultModelId, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lambdaEndpoint, startWebFunction, type WebFunction } from '../web-function/start-web-function.ts';
import { expectHonest } from './expect-honest.ts';
import { type Exchange, type LogLine, readEmulatedText } from './fault-bench.ts';
import { type FaultCase, faultCases, standInCases } from './fault-cases.ts';
import { interpretAnswer } from './read-outcome.ts';
import { eventOf, shortLimits } from './start-front.ts';

const width = 16;
const cases = [...faultCases.filter(({ strike }) => strike === undefined), ...standInCases];

let bedrock: BedrockEmulator;
let proxy: WebFunction;
let text: string;
const exchanges = new Map<FaultCase, Exchange>();

beforeAll(async () => {
  bedrock = await startBedrockEmulator({ paceMs: 0 });
  text = await readEmulatedText(bedrock.url);
  proxy = await startWebFunction({
    ...{ ...shortLimits, ...lambdaEndpoint, REQUEST_TIMEOUT_MS: '60000' },
    // This process plays both clients and Bedrock, and may be late for so many.
    ...{ FIRST_EVENT_TIMEOUT_MS: '4000', IDLE_TIMEOUT_MS: '3000' },
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
  });
  // The first requests of a process take longer than the short limits allow.
  await Promise.all(
    Array.from({ length: width }, (_, index) => exchange(faultModelId('unknown-event'), `warm ${index}`)),
  );
  const waiting = [...cases];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        exchanges.set(next, await exchange(next.modelId, `${next.fault} at ${next.position}`));
      }
    }),
  );
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await bedrock.close();
});

/** Sends a request whose prompt is `marker`, by which its call of Bedrock is found. */
async function exchange(modelId: string, marker: string): Promise<Exchange> {
  const requestId = randomUUID();
  const { body } = eventOf('web-function', modelId) as { readonly body: string };
  const answer = await fetch(proxy.url, {
    ...{ method: 'POST', headers: { 'lambda-web-request-id': requestId } },
    body: body.replace('"Hello"', JSON.stringify(marker)),
  });
  const outcome = interpretAnswer(answer.status, Object.fromEntries(answer.headers), await answer.text());
  await proxy.log.waitFor(new RegExp(`"request\\.end".*"${requestId}"`));
  const lines = proxy.log.lines.filter((line) => line.includes('"request.end"') && line.includes(requestId));
  const upstream = bedrock.requests.filter((request) => Buffer.from(request.body).includes(JSON.stringify(marker)));
  return { outcome, lines: lines.map((line): LogLine => JSON.parse(line)), upstream };
}

describe(`a fault, among ${width} requests at once in one process`, () => {
  it.each(cases)('ends its own answer in $terminal: $fault at $position', async (faultCase) => {
    const { outcome, lines, upstream } = exchanges.get(faultCase) as Exchange;
    expect(upstream).toHaveLength(1);
    await expectHonest({ outcome, lines, upstream }, faultCase, 'web-function', text);
  });

  it('leaves the process alive, and no call of Bedrock open', async () => {
    await Promise.all(bedrock.requests.map(({ closed }) => closed));
    const { outcome } = await exchange(faultModelId('unknown-event'), 'the next one');
    expect(outcome).toMatchObject({ status: 200, terminals: ['done'], text });
    expect(proxy.process.exitCode).toBeNull();
  });
});
