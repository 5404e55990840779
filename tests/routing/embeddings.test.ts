import {
  allowAnonymous,
  createProxy,
  type ModelCall,
  type ModelInvoker,
  ProxyError,
  type RequestRecord,
} from '@bedrock-proxy/core';
import { openaiDialect } from '@bedrock-proxy/core/dialects';
import { type BufferedAnswer, serve } from '@bedrock-proxy/core/http';
import { routingInvoker } from '@bedrock-proxy/core/routing';
import { describe, expect, it } from 'vitest';

const titan = 'amazon.titan-embed-text-v2:0';
const logger = { info: () => {}, warn: () => {}, error: () => {} };

/** A model that embeds each text as one number, unless it refuses the text. */
function embedder(
  seed: number,
  refuses: (text: string) => boolean = () => false,
): ModelInvoker & { calls: ModelCall[] } {
  const calls: ModelCall[] = [];
  return {
    calls,
    async invoke(call) {
      calls.push(call);
      const { inputText } = JSON.parse(Buffer.from(call.body).toString());
      if (refuses(inputText)) throw new ProxyError('throttled', { meta: { attempts: 1 } });
      const body = Buffer.from(JSON.stringify({ embedding: [seed], inputTextTokenCount: 2 }));
      return { body, contentType: 'application/json', meta: { attempts: 1 } };
    },
    async stream() {
      throw new TypeError('Embeddings are not streamed.');
    },
  };
}

async function embed(
  input: readonly string[],
  models: readonly [string, string],
  invokers: readonly [ModelInvoker, ModelInvoker],
) {
  const records: RequestRecord[] = [];
  const [first, second] = models;
  const proxy = createProxy({
    invoker: routingInvoker({ invokerFor: ({ region }) => invokers[region === 'us-east-1' ? 0 : 1] }),
    access: allowAnonymous(),
    dialects: [openaiDialect()],
    aliases: {
      embed: {
        targets: [
          { model: first, region: 'us-east-1' },
          { model: second, region: 'eu-west-1' },
        ],
      },
    },
    logger,
    onRequestEnd: (record) => void records.push(record),
  });
  const answer = (await serve(proxy, {
    ...{ front: 'test', requestId: 'r-1', method: 'POST', path: '/v1/embeddings', headers: {} },
    signal: new AbortController().signal,
    body: JSON.stringify({ model: 'embed', input }),
  })) as BufferedAnswer;
  await answer.close({ bytesOut: 0 });
  return {
    status: answer.status,
    headers: answer.headers,
    body: JSON.parse(answer.body.toString()),
    record: records[0],
  };
}

const texts = Array.from({ length: 10 }, (_, index) => `text ${index}`);

describe('embeddings by an alias with two targets', () => {
  it('move on to the second one', async () => {
    const [busy, well] = [embedder(1, () => true), embedder(2)];
    const { status, headers, body, record } = await embed(texts, [titan, titan], [busy, well]);
    expect(status).toBe(200);
    expect(body.data.map((item: { embedding: number[] }) => item.embedding)).toEqual(texts.map(() => [2]));
    expect(body).toMatchObject({ model: titan, usage: { prompt_tokens: 20 } });
    expect(headers['x-served-model']).toBe(titan);
    expect(record).toMatchObject({ servedRegion: 'eu-west-1', inputTokens: 20 });
    expect(record?.attempts).toBe(busy.calls.length + well.calls.length);
    expect(record?.fallbacks).toBe(busy.calls.length);
  });

  it('may come from both, if both have the same model', async () => {
    const { status, body } = await embed(
      texts,
      [titan, titan],
      [embedder(1, (text) => text === 'text 3'), embedder(2)],
    );
    expect(status).toBe(200);
    expect(body.data[3].embedding).toEqual([2]);
  });

  it('never come from two models: their vectors cannot be compared', async () => {
    const models = ['amazon.titan-embed-text-v1', titan] as const;
    const mixed = await embed(texts, models, [embedder(1, (text) => text === 'text 3'), embedder(2)]);
    expect(mixed).toMatchObject({ status: 502, body: { error: { code: 'upstream_error' } } });
    expect((await embed(texts, models, [embedder(1, () => true), embedder(2)])).status).toBe(200);
    expect((await embed(texts, models, [embedder(1), embedder(2)])).status).toBe(200);
  });
});
