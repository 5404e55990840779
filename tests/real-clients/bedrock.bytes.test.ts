import {
  answerReply,
  type BedrockEmulator,
  encodeChunkFrame,
  encodeConverseFrame,
  startBedrockEmulator,
  streamReply,
} from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionUrl, httpApi, restApi, restApiStream } from '../conformance/lambda-fronts.ts';
import { type AwsSdk, converseMessages, loadAwsSdk, question } from './bedrock-clients.ts';

const token = 'a-token-for-the-bytes';
const modelId = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const arn = `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${modelId}`;
const requestBody = Buffer.from(
  ' {"anthropic_version":"bedrock-2023-05-31","max_tokens": 1.0e2,"messages":[],"a":"ä"}\n',
);
const answerBody = Buffer.from('{ "type":"message", "b": 1.50, "a": 1e400, "text":"\\u00e4ä\\/" }\n');
const setups = { functionUrl, restApi, httpApi, restApiStream };

let emulator: BedrockEmulator;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
});
afterAll(() => emulator.close());

describe.each(Object.entries(setups))('the AWS SDK for JavaScript behind %s', (_, setup) => {
  let sdk: AwsSdk;
  let client: Awaited<ReturnType<typeof loadAwsSdk>>['client'];
  let stop: () => void | Promise<void>;
  beforeAll(async () => {
    const subject = await setup().start({ AUTH_TOKEN: token, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: emulator.url });
    stop = () => subject.stop();
    ({ sdk, client } = await loadAwsSdk({ url: subject.url, token }, 'h2'));
  });
  afterAll(async () => {
    client.destroy();
    await stop();
  });

  it('sends and receives the bytes of InvokeModel as they are', async () => {
    for (const id of [modelId, arn]) {
      emulator.respondWith(answerReply(answerBody, { 'x-amzn-bedrock-input-token-count': '7' }));
      const answer = await client.send<{ body: Uint8Array; contentType: string }>(
        new sdk.InvokeModelCommand({ modelId: id, body: requestBody }),
      );
      expect(Buffer.from(answer.body).equals(answerBody)).toBe(true);
      const request = emulator.requests.at(-1);
      expect(Buffer.from(request?.body ?? []).equals(requestBody)).toBe(true);
      expect(request?.target).toEqual({ modelId: id, operation: 'invoke' });
      expect(request?.headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json' });
      expect(Object.keys(request?.headers ?? {}).filter((name) => name.startsWith('x-amzn-bedrock-'))).toEqual([]);
    }
  });

  it('receives the chunks of InvokeModelWithResponseStream as they are', async () => {
    const documents = ['{"type":"message_start"}', '{ "a": 1.50 }', '{"type":"message_stop","x":"ä"}'];
    emulator.respondWith(streamReply(documents.map((document) => encodeChunkFrame(document))));
    const { body } = await client.send<{ body: AsyncIterable<{ chunk: { bytes: Uint8Array } }> }>(
      new sdk.InvokeModelWithResponseStreamCommand({ modelId, body: requestBody }),
    );
    const received: string[] = [];
    for await (const { chunk } of body) received.push(Buffer.from(chunk.bytes).toString());
    expect(received).toEqual(documents);
  });

  it('converses, and counts tokens', async () => {
    emulator.respondWith(undefined);
    const input = { modelId, messages: converseMessages };
    const whole = await client.send<{ output: { message: { content: { text: string }[] } } }>(
      new sdk.ConverseCommand(input),
    );
    expect(whole.output.message.content[0]?.text).toContain(question);
    const counted = await client.send<{ inputTokens: number }>(
      new sdk.CountTokensCommand({
        modelId: modelId.slice('us.'.length),
        input: { converse: { messages: converseMessages } },
      }),
    );
    expect(counted.inputTokens).toBeGreaterThan(0);
  });

  it('receives every event of ConverseStream', async () => {
    const events = [
      ['messageStart', { role: 'assistant' }],
      ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'ä' } }],
      ['contentBlockStop', { contentBlockIndex: 0 }],
      ['messageStop', { stopReason: 'end_turn' }],
      ['metadata', { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 }, metrics: { latencyMs: 1 } }],
    ] as const;
    emulator.respondWith(streamReply(events.map(([type, payload]) => encodeConverseFrame(type, payload))));
    const { stream } = await client.send<{ stream: AsyncIterable<object> }>(
      new sdk.ConverseStreamCommand({ modelId, messages: converseMessages }),
    );
    const received: object[] = [];
    for await (const event of stream) received.push(event);
    expect(received).toEqual(events.map(([type, payload]) => ({ [type]: payload })));
  });

  it('is told what Bedrock says, by the class of its error', async () => {
    emulator.respondWith(undefined);
    const command = new sdk.ConverseCommand({ modelId: 'emulator.http-429', messages: converseMessages });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 429 },
    });
    const tier = new sdk.ConverseCommand({ modelId, messages: converseMessages, serviceTier: { type: 'priority' } });
    await expect(client.send(tier)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(/^serviceTier: .*CLIENT_OPTIONS/),
    });
  });
});
