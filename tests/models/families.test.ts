import { invokeModel, type ModelInvoker, streamModel } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { FakeInvoker } from '@bedrock-proxy/testing';
import {
  answerReply,
  type BedrockEmulator,
  encodeChunkFrame,
  startBedrockEmulator,
  streamReply,
} from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtures } from './fixtures/index.ts';
import { readAccount, textOfEvents } from './read-account.ts';

let emulator: BedrockEmulator;
let invoker: ModelInvoker;
beforeAll(async () => {
  emulator = await startBedrockEmulator();
  invoker = createBedrockInvoker({
    region: 'eu-west-1',
    endpoint: emulator.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
});
afterAll(() => emulator.close());

const document = (chunk: unknown) => JSON.stringify(chunk);

describe.each(fixtures)('%s', (_, { modelId, chunks, endsAt, whole, headers, expected }) => {
  const answer = { reasoning: '', toolCalls: [], ...expected };
  const input = { modelId, payload: {} };

  it('gives the same answer for every split of its bytes', async () => {
    const bytes = Buffer.concat(chunks.map((chunk) => encodeChunkFrame(document(chunk))));
    for (const size of [1, 97, bytes.length]) {
      emulator.respondWith(streamReply(cut(bytes, size)));
      expect(await streamModel(invoker, input).collect()).toEqual(answer);
    }
  });

  it('ends without an error only after the end marker of the model', async () => {
    for (let count = 1; count <= chunks.length; count += 1) {
      const fake = new FakeInvoker().replyChunks(...chunks.slice(0, count).map(document));
      const collected = streamModel(fake, input).collect();
      if (count > endsAt) await expect(collected).resolves.toMatchObject({ text: expected.text });
      else await expect(collected).rejects.toMatchObject({ code: 'upstream_truncated' });
    }
  });

  it('gives the same answer without a stream, and as one chunk', async () => {
    const reported = headers && {
      'x-amzn-bedrock-input-token-count': String(headers.inputTokens),
      'x-amzn-bedrock-output-token-count': String(headers.outputTokens),
    };
    emulator.respondWith(answerReply(whole, reported));
    const { usage, stopReason, nativeStopReason, ...invoked } = await invokeModel(invoker, input);
    expect(Buffer.from(invoked.body).toString()).toBe(JSON.stringify(whole));
    expect({ usage, stopReason, nativeStopReason }).toEqual({
      usage: expected.usage,
      stopReason: expected.stopReason,
      nativeStopReason: expected.nativeStopReason,
    });

    const fake = new FakeInvoker().replyBody(whole);
    const collected = await streamModel(fake, input).collect();
    expect(collected).toEqual({ ...answer, usage: headers ? {} : expected.usage });
  });

  it('is recorded with its usage and stop reason', async () => {
    const fake = new FakeInvoker().replyChunks(...chunks.map(document));
    const { body, record } = await readAccount(fake, { modelId, stream: true });
    expect(textOfEvents(body)).toBe(expected.text);
    expect(body.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(record).toMatchObject({ ...expected.usage, stopReason: expected.nativeStopReason, terminal: 'done' });
  });
});

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
