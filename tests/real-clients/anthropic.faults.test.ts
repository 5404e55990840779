import {
  callFaults,
  type FaultPosition,
  faultPositions,
  type StreamFault,
  streamFaults,
} from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnthropicClient, loadAnthropicSdk, streamRaw } from './anthropic-clients.ts';
import { callFaultArn, faultArn, type Gateway, startGateway, token } from './start-gateway.ts';

/** Faults that take nothing from an answer. */
const harmless: readonly StreamFault[] = ['one-byte-writes', 'unknown-event'];
/** After the end of the answer, a cut or a silence takes nothing from it. An exception does. */
const reported = /exception|error/;
const isWhole = (fault: StreamFault, position: FaultPosition) =>
  harmless.includes(fault) || (position === 'after-end' && !reported.test(fault));

const cases = faultPositions.flatMap((position) => streamFaults.map((fault) => [fault, position] as const));
const shortTimes = {
  ...{ HEAD_WAIT_MS: '200', HEARTBEAT_MS: '120', FIRST_EVENT_TIMEOUT_MS: '600', IDLE_TIMEOUT_MS: '400' },
  DEADLINE_MARGIN_MS: '100',
};

/** What an answer came to, for a reader of raw events. */
async function readRaw(client: AnthropicClient, model: string): Promise<{ types: string[]; failure?: unknown }> {
  const types: string[] = [];
  try {
    for await (const { type } of await streamRaw(client, requestFor(model))) types.push(type);
    return { types };
  } catch (failure) {
    return { types, failure };
  }
}

const requestFor = (model: string) => ({ model, max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] });

describe.each(['function-url', 'rest-api'] as const)("Anthropic's SDK behind %s", (endpoint) => {
  let gateway: Gateway;
  let client: AnthropicClient;
  beforeAll(async () => {
    gateway = await startGateway(endpoint, shortTimes);
    client = (await loadAnthropicSdk())(gateway.url, { authToken: token });
    // A cold start takes longer than the short times.
    await client.messages.create(requestFor('claude-sonnet-4-6'));
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it.each(cases)('hears %s at %s, in raw events and in the helper', async (fault, position) => {
    const model = faultArn(fault, position);
    const { types, failure } = await readRaw(client, model);
    const collected = client.messages.stream(requestFor(model)).finalMessage();
    if (isWhole(fault, position)) {
      expect(failure).toBeUndefined();
      expect(types.filter((type) => type === 'message_stop')).toHaveLength(1);
      expect(types.at(-1)).toBe('message_stop');
      expect(await collected).toMatchObject({ stop_reason: 'end_turn' });
    } else {
      expect(failure).toMatchObject({ error: { type: 'error', error: { message: expect.stringMatching(/\w/) } } });
      expect(types).not.toContain('message_stop');
      await expect(collected).rejects.toThrow();
      if (endpoint === 'rest-api') expect(failure).toMatchObject({ status: expect.any(Number) });
    }
  });

  it.each(callFaults)('hears %s before the answer, streamed or not', async (fault) => {
    const model = callFaultArn(fault);
    const { types, failure } = await readRaw(client, model);
    expect(types).toEqual([]);
    expect(failure).toMatchObject({ error: { type: 'error' } });
    if (fault === 'silence') return;
    const whole: unknown = await client.messages.create(requestFor(model)).catch((error: unknown) => error);
    expect(whole).toMatchObject({ status: expect.any(Number), error: { type: 'error' } });
  });

  it('hears an error that Claude sent instead of an answer as a status', async () => {
    const { failure } = await readRaw(client, faultArn('in-band-error', 'first-frame'));
    expect(failure).toMatchObject({ status: 529, type: 'overloaded_error' });
  });
});
