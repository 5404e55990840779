import {
  ApplyGuardrailCommand,
  BedrockRuntimeClient,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exceptionReply } from './emulated-exception.js';
import { streamReply } from './emulator-reply.js';
import { encodeChunkFrame, encodeExceptionFrame } from './encode-event-stream-frame.js';
import { type BedrockEmulator, startBedrockEmulator } from './start-bedrock-emulator.js';

const modelId = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const opaqueArn = 'arn:aws:bedrock:us-west-2:111122223333:application-inference-profile/a1babba1b11x';
const body = JSON.stringify({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 500,
  messages: [{ role: 'user', content: 'Grüße, 世界' }],
});

let emulator: BedrockEmulator;
const clients: BedrockRuntimeClient[] = [];

beforeEach(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await emulator.close();
});

interface ClaudeChunk {
  readonly type: string;
  readonly delta?: { readonly text?: string };
  readonly 'amazon-bedrock-invocationMetrics'?: { readonly outputTokenCount: number };
}

/** Reads a streamed answer to its end. If it throws, `chunks` has the chunks before the error. */
async function readChunks(
  client: BedrockRuntimeClient,
  id = modelId,
  chunks: ClaudeChunk[] = [],
  signal?: AbortSignal,
) {
  const command = new InvokeModelWithResponseStreamCommand({ modelId: id, body });
  const answer = await client.send(command, signal ? { abortSignal: signal } : {});
  for await (const { chunk } of answer.body ?? []) chunks.push(JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()));
  return chunks;
}

const textOf = (chunks: ClaudeChunk[]) => chunks.map(({ delta }) => delta?.text ?? '').join('');

describe.each([
  ['HTTP/2, its default', '2.0', {}],
  ['HTTP/1.1', '1.1', { requestHandler: new NodeHttpHandler() }],
])('an unmodified SDK client over %s', (_, httpVersion, transport) => {
  let client: BedrockRuntimeClient;
  beforeEach(() => {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const endpoint = emulator.url;
    client = new BedrockRuntimeClient({ region: 'eu-west-1', endpoint, credentials, maxAttempts: 1, ...transport });
    clients.push(client);
  });
  const invoke = () => client.send(new InvokeModelCommand({ modelId, body }));

  it('reads a whole answer', async () => {
    const answer = await invoke();
    expect(answer.contentType).toBe('application/json');
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(answer.body.transformToString())).toMatchObject({
      type: 'message',
      stop_reason: 'end_turn',
      content: [{ text: expect.stringContaining('“Grüße, 世界”') }],
    });
  });

  it('is recorded with its request', async () => {
    await invoke();
    expect(emulator.requests).toMatchObject([
      {
        index: 0,
        method: 'POST',
        path: '/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke',
        target: { modelId, operation: 'invoke' },
        headers: { authorization: expect.stringContaining('AWS4-HMAC-SHA256') },
        httpVersion,
        aborted: false,
      },
    ]);
    expect(Buffer.from(emulator.requests[0]?.body ?? []).toString()).toBe(body);
  });

  it('streams the same answer word by word, to its end marker', async () => {
    const chunks = await readChunks(client);
    const whole = JSON.parse((await invoke()).body.transformToString());
    expect(textOf(chunks)).toBe(whole.content[0].text);
    expect(chunks.filter(({ delta }) => delta?.text !== undefined).length).toBeGreaterThan(10);
    expect(chunks.at(0)?.type).toBe('message_start');
    expect(chunks.at(-1)?.['amazon-bedrock-invocationMetrics']?.outputTokenCount).toBe(whole.usage.output_tokens);
  });

  it('can call an ARN that names no model', async () => {
    expect(textOf(await readChunks(client, opaqueArn))).toContain('世界');
    expect(emulator.requests[0]?.target?.modelId).toBe(opaqueArn);
  });

  it('ends the answer when it disconnects', async () => {
    emulator.respondWith(streamReply([encodeChunkFrame({ type: 'a' }), { pauseMs: 60_000 }]));
    const controller = new AbortController();
    const chunks: ClaudeChunk[] = [];
    const reading = readChunks(client, modelId, chunks, controller.signal).catch(() => undefined);
    await vi.waitFor(() => expect(chunks).toHaveLength(1));
    const [request] = emulator.requests;
    expect(request).toMatchObject({ aborted: false, closedAt: undefined });
    const abortedAt = performance.now();
    controller.abort();
    await request?.closed;
    expect(request?.aborted).toBe(true);
    expect((request?.closedAt ?? Infinity) - abortedAt).toBeLessThan(250);
    await reading;
  });

  it('reads the frames of a scripted reply, and throws the exception among them', async () => {
    const exception = encodeExceptionFrame('throttlingException', 'Slow.');
    emulator.respondWith(streamReply([encodeChunkFrame({ type: 'a' }), { pauseMs: 1 }, exception]));
    const chunks: ClaudeChunk[] = [];
    const reading = readChunks(client, modelId, chunks);
    await expect(reading).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Slow.' });
    expect(chunks).toEqual([{ type: 'a' }]);
  });

  it('throws the exception that refuses its request', async () => {
    emulator.respondWith(exceptionReply('ModelErrorException', 'Broken.'));
    await expect(invoke()).rejects.toMatchObject({ name: 'ModelErrorException', $metadata: { httpStatusCode: 424 } });
  });

  it('gets the list of operations if the emulator does not play its operation', async () => {
    const input = { guardrailIdentifier: 'guardrail', guardrailVersion: '1', content: [] };
    const applied = client.send(new ApplyGuardrailCommand({ ...input, source: 'INPUT' }));
    await expect(applied).rejects.toThrow(
      /operation is one of invoke, .*count-tokens\. It does not support POST .*apply/,
    );
  });
});
