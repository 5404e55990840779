import { crc32 } from 'node:zlib';
import { BedrockRuntimeClient, InvokeModelWithResponseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BedrockEmulator, startBedrockEmulator } from '../start-bedrock-emulator.js';
import { callFaults, faultModelId, faultPositions, readFault, streamFaults } from './fault-names.js';

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

/** Plays a fault to the SDK and its own frame reader. Resolves to the types of the chunks that the SDK read, and to the ending. */
async function play(modelId: string, patienceMs = 5_000): Promise<{ types: string[]; ending: string }> {
  const types: string[] = [];
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const command = new InvokeModelWithResponseStreamCommand({ modelId, body: '{"whatever":1}' });
    const { body = [] } = await client.send(command, { abortSignal: signal });
    for await (const { chunk } of body) types.push(JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()).type);
    return { types, ending: 'end' };
  } catch (error) {
    if (signal.aborted) return { types, ending: 'silence' };
    return { types, ending: error instanceof Error ? error.name : 'odd' };
  }
}

describe('a fault of a stream', () => {
  it.each([
    ['end-between-frames', 'end'],
    ['end-inside-frame', 'Error'],
    // The reader of the SDK does not detect this fault.
    ['end-inside-length', 'end'],
    ['connection-reset', 'Error'],
    ['connection-closed', 'Error'],
    ['one-byte-writes', 'end'],
    ['bad-checksum', 'Error'],
    ['internal-server-exception', 'InternalServerException'],
    ['model-stream-error-exception', 'ModelStreamErrorException'],
    ['validation-exception', 'ValidationException'],
    ['throttling-exception', 'ThrottlingException'],
    ['model-timeout-exception', 'ModelTimeoutException'],
    ['service-unavailable-exception', 'ServiceUnavailableException'],
    ['unknown-exception', 'somethingNewException'],
    ['error-frame', 'InternalError'],
    ['unknown-event', 'end'],
    ['in-band-error', 'end'],
  ] as const)('%s in the middle ends for the SDK in %s', async (fault, ending) => {
    const { types, ending: seen } = await play(faultModelId(fault));
    expect(seen).toBe(ending);
    expect(types.slice(0, 3)).toEqual(['message_start', 'content_block_start', 'content_block_delta']);
    expect(types.includes('message_stop')).toBe(fault === 'one-byte-writes' || fault === 'unknown-event');
    expect(types.at(-1) === 'error').toBe(fault === 'in-band-error');
  });

  it('stall is a silence after the frames before it', async () => {
    const { types, ending } = await play(faultModelId('stall', 'before-text'), 100);
    expect({ types, ending }).toEqual({ types: ['message_start', 'content_block_start'], ending: 'silence' });
  });

  it('happens at the requested position', async () => {
    const opening = ['message_start', 'content_block_start'];
    await expect(play(faultModelId('end-between-frames', 'first-frame'))).resolves.toMatchObject({ types: [] });
    await expect(play(faultModelId('end-between-frames', 'before-text'))).resolves.toMatchObject({ types: opening });
    const middle = await play(faultModelId('end-between-frames', 'middle'));
    const whole = await play(faultModelId('end-between-frames', 'after-end'));
    expect(middle.types.length).toBeGreaterThan(3);
    expect(middle.types.length).toBeLessThan(whole.types.length - 3);
    expect(whole.types.at(-1)).toBe('message_stop');
    expect(await play(faultModelId('throttling-exception', 'after-end'))).toEqual({
      types: whole.types,
      ending: 'ThrottlingException',
    });
  });

  it.each([
    ['zero-length-frame', '00000000'],
    ['huge-frame', '2faf0800'],
  ] as const)('%s has a wrong length and the correct checksum of that length', async (fault, claim) => {
    const response = await fetch(
      `${emulator.url}/model/${faultModelId(fault, 'first-frame')}/invoke-with-response-stream`,
      {
        method: 'POST',
        body: '{}',
      },
    );
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.subarray(0, 4).toString('hex')).toBe(claim);
    expect(bytes.readUInt32BE(8)).toBe(crc32(bytes.subarray(0, 8)));
  });

  it('is paced like an answer of the model, except for single bytes', async () => {
    const paced = await startBedrockEmulator({ paceMs: 2 });
    const post = (fault: 'end-between-frames' | 'one-byte-writes') =>
      fetch(`${paced.url}/model/${faultModelId(fault, 'before-text')}/invoke-with-response-stream`, {
        method: 'POST',
        body: '{}',
      });
    const began = performance.now();
    await (await post('end-between-frames')).arrayBuffer();
    expect(performance.now() - began).toBeGreaterThanOrEqual(3);
    const bytes = await (await post('one-byte-writes')).arrayBuffer();
    expect(bytes.byteLength).toBeGreaterThan(3_000);
    expect(performance.now() - began).toBeLessThan(4_000);
    await paced.close();
  });
});

describe('a fault of a call', () => {
  it.each([
    ['silence', 'silence'],
    ['reset-before-head', 'TimeoutError'],
    ['close-before-head', 'TimeoutError'],
    ['http-400', 'ValidationException'],
    ['http-403', 'AccessDeniedException'],
    ['http-404', 'ResourceNotFoundException'],
    ['http-408', 'ModelTimeoutException'],
    ['http-424', 'ModelErrorException'],
    ['http-429', 'ThrottlingException'],
    ['http-500', 'InternalServerException'],
    ['http-503', 'ServiceUnavailableException'],
    ['quota-exceeded', 'ServiceQuotaExceededException'],
    ['model-not-ready', 'ModelNotReadyException'],
    ['gateway-502', 'SyntaxError'],
  ] as const)('%s ends for the SDK in %s', async (fault, ending) => {
    expect(await play(faultModelId(fault), fault === 'silence' ? 100 : 5_000)).toEqual({ types: [], ending });
  });
});

describe('a model id', () => {
  it('can select every fault at every position', () => {
    for (const name of callFaults) expect(readFault(faultModelId(name))).toEqual({ kind: 'call', name });
    for (const name of streamFaults) {
      expect(readFault(faultModelId(name))).toEqual({ kind: 'stream', name, position: 'middle' });
      for (const position of faultPositions) {
        expect(readFault(faultModelId(name, position))).toEqual({ kind: 'stream', name, position });
      }
    }
  });

  it('selects no fault if it names a model', () => {
    expect(readFault('anthropic.claude-sonnet-4-6')).toBeUndefined();
    expect(readFault('us.emulator.stall')).toBeUndefined();
  });

  it.each(['emulator.nothing', 'emulator.stall.nowhere', 'emulator.stall.middle.x', 'emulator.'])(
    '%s is refused with a list of the faults',
    async (modelId) => {
      const response = await fetch(`${emulator.url}/model/${modelId}/invoke`, { method: 'POST', body: '{}' });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('silence, reset-before-head');
    },
  );

  it('of a stream fault is refused for a call without a stream', async () => {
    const response = await fetch(`${emulator.url}/model/emulator.stall/invoke`, { method: 'POST', body: '{}' });
    expect(await response.text()).toContain('stall is a fault of streams');
  });
});
