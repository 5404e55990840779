import { answerReply, encodeChunkFrame, startBedrockEmulator, streamReply } from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundles, startBundle } from './bundles.ts';
import { invokeBundle } from './invoke-bundle.ts';
import { body, restApiEvent } from './lambda-events.ts';

const limit = 6_000_000;
const question: object = JSON.parse(body);
// A quote takes four bytes in the serialized result: the answer escapes it, and the result escapes it again.
const quotes = '"'.repeat(20_000);
const delta = encodeChunkFrame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: quotes } });
const stop = encodeChunkFrame({ type: 'message_stop' });

describe('the serialized result of the bundle api-gateway', () => {
  let bedrock: Awaited<ReturnType<typeof startBedrockEmulator>>;
  let sandbox: Awaited<ReturnType<typeof startBundle>>;
  beforeAll(async () => {
    bedrock = await startBedrockEmulator();
    sandbox = await startBundle(bundles['api-gateway'], { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url });
  });
  afterAll(async () => {
    await sandbox.close();
    await bedrock.close();
  });

  async function ask(stream: boolean) {
    const { requestId: _, ...result } = await invokeBundle(
      sandbox,
      restApiEvent({ body: JSON.stringify({ ...question, stream }) }),
    );
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThanOrEqual(limit);
    return { status: result.statusCode, answer: JSON.parse(result.body) };
  }

  it('contains the whole of a stream that just fits', async () => {
    bedrock.respondWith(streamReply([...Array<Uint8Array>(74).fill(delta), stop]));
    const { status, answer } = await ask(true);
    expect(status).toBe(200);
    expect(answer).toHaveLength(75);
    expect(answer.at(-1)).toEqual({ done: true });
  });

  it('contains the part of a long stream that fits, and then the error', async () => {
    bedrock.respondWith(streamReply([...Array<Uint8Array>(200).fill(delta), stop]));
    const { status, answer } = await ask(true);
    expect(status).toBe(502);
    expect(answer.length).toBeGreaterThan(70);
    expect(answer.at(-2)).toEqual({ content: quotes });
    expect(answer.at(-1)).toMatchObject({ error: { code: 'response_too_large' } });
  });

  it.each([
    [5_900_000, 200],
    [6_000_000, 502],
  ])('stays within the limit for a whole answer of %i bytes: status %i', async (bytes, status) => {
    bedrock.respondWith(answerReply({ text: '"'.repeat((bytes - 50) / 4) }));
    const received = await ask(false);
    expect(received.status).toBe(status);
    if (status === 502) expect(received.answer).toMatchObject({ error: { code: 'response_too_large' } });
  });
});
