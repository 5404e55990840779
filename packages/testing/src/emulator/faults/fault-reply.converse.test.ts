import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BedrockEmulator, startBedrockEmulator } from '../start-bedrock-emulator.js';
import { faultModelId } from './fault-names.js';

let emulator: BedrockEmulator;
let client: BedrockRuntimeClient;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
  client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: emulator.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  });
});
afterAll(async () => {
  client.destroy();
  await emulator.close();
});

/** Plays a fault to the SDK. Resolves to the types of the events that the SDK read, and to the ending. */
async function play(modelId: string, patienceMs = 5_000): Promise<{ types: string[]; ending: string }> {
  const types: string[] = [];
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const { stream = [] } = await client.send(new ConverseStreamCommand({ modelId, messages: [] }), {
      abortSignal: signal,
    });
    for await (const event of stream) types.push(...Object.keys(event));
    return { types, ending: 'end' };
  } catch (error) {
    if (signal.aborted) return { types, ending: 'silence' };
    return { types, ending: error instanceof Error ? error.name : 'odd' };
  }
}

describe('a fault of ConverseStream', () => {
  it.each([
    ['end-between-frames', 'end'],
    ['end-inside-frame', 'Error'],
    ['end-inside-length', 'end'],
    ['connection-reset', 'Error'],
    ['connection-closed', 'Error'],
    ['one-byte-writes', 'end'],
    ['bad-checksum', 'Error'],
    ['internal-server-exception', 'InternalServerException'],
    ['model-stream-error-exception', 'ModelStreamErrorException'],
    ['validation-exception', 'ValidationException'],
    ['throttling-exception', 'ThrottlingException'],
    ['service-unavailable-exception', 'ServiceUnavailableException'],
    ['unknown-exception', 'somethingNewException'],
    ['error-frame', 'InternalError'],
    ['unknown-event', 'end'],
  ] as const)('%s in the middle ends for the SDK in %s', async (fault, ending) => {
    const { types, ending: seen } = await play(faultModelId(fault));
    expect(seen).toBe(ending);
    expect(types.slice(0, 2)).toEqual(['messageStart', 'contentBlockDelta']);
    expect(types.includes('metadata')).toBe(fault === 'one-byte-writes' || fault === 'unknown-event');
  });

  it('happens at the requested position', async () => {
    expect(await play(faultModelId('throttling-exception', 'first-frame'))).toMatchObject({ types: [] });
    expect(await play(faultModelId('stall', 'before-text'), 100)).toEqual({
      types: ['messageStart'],
      ending: 'silence',
    });
    const { types, ending } = await play(faultModelId('end-inside-frame', 'after-end'));
    expect(types.slice(-3)).toEqual(['contentBlockStop', 'messageStop', 'metadata']);
    expect(ending).toBe('Error');
  });

  it.each(['model-timeout-exception', 'in-band-error'] as const)('%s is refused', async (fault) => {
    expect(await play(faultModelId(fault))).toEqual({ types: [], ending: 'ValidationException' });
  });
});

describe('the operations without streams', () => {
  const converse = (modelId: string) => client.send(new ConverseCommand({ modelId, messages: [] }));
  const count = (modelId: string) => client.send(new CountTokensCommand({ modelId, input: { converse: {} } }));

  it.each([
    ['Converse', converse],
    ['CountTokens', count],
  ])('%s has only the faults of calls', async (_, send) => {
    await expect(send(faultModelId('http-429'))).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(send(faultModelId('gateway-502'))).rejects.toThrow(SyntaxError);
    await expect(send(faultModelId('stall'))).rejects.toThrow('stall is a fault of streams');
  });
});
