import { readFileSync } from 'node:fs';
import type { ModelInvoker } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { type BedrockEmulator, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from '../documents/markdown-code.ts';
import { readAccount, textOfEvents } from './read-account.ts';

const requests = codeBlocks('docs/models.md')
  .filter(({ language }) => language === 'json')
  .map(({ code }) => JSON.parse(code) as { readonly modelId: string; readonly stream?: boolean });
const streamed = requests.filter(({ stream }) => stream);

let emulator: BedrockEmulator;
let invoker: ModelInvoker;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  invoker = createBedrockInvoker({ region: 'eu-west-1', endpoint: emulator.url, credentials, maxAttempts: 1 });
});
afterAll(() => emulator.close());

describe('the requests of docs/models.md', () => {
  it('are 15 for streams and 6 for whole answers', () => {
    expect([streamed.length, requests.length]).toEqual([15, 21]);
  });

  it.each(streamed.map((request) => [request.modelId, request] as const))(
    'stream, with the same token counts as a whole answer: %s',
    async (_, request) => {
      const { body, record } = await readAccount(invoker, request);
      expect(textOfEvents(body)).toMatch(/You sent me [\s\S]*(?:salty\?|video\?)/);
      expect(body.endsWith('data: [DONE]\n\n')).toBe(true);

      const whole = await readAccount(invoker, { ...request, stream: false });
      const { inputTokens, outputTokens, stopReason } = record;
      expect({ inputTokens, outputTokens }).toEqual({
        inputTokens: expect.any(Number),
        outputTokens: expect.any(Number),
      });
      expect(whole.record).toMatchObject({ status: 200, terminal: 'none', inputTokens, outputTokens, stopReason });
    },
  );

  it.each(requests.filter(({ stream }) => !stream).map((request) => [request.modelId, request] as const))(
    'are answered whole, and refused as a stream: %s',
    async (_, request) => {
      const { body, record } = await readAccount(invoker, request);
      expect(record).toMatchObject({ status: 200, inputTokens: expect.any(Number) });
      expect(Object.keys(JSON.parse(body) as object).length).toBeGreaterThan(0);
      const refused = await readAccount(invoker, { ...request, stream: true });
      expect(refused.record).toMatchObject({ status: 400, code: 'upstream_validation', terminal: 'error' });
    },
  );

  it('of Cohere Command are streamed as one chunk if the payload does not ask for a stream', async () => {
    const payload = { prompt: 'Why is the sea salty?', max_tokens: 300 };
    const stream = async (stream: boolean) => {
      const body = Buffer.from(JSON.stringify({ ...payload, ...(stream && { stream }) }));
      const { signal } = new AbortController();
      const modelId = 'cohere.command-text-v14';
      const answer = await invoker.stream({ operation: 'invoke-model', modelId, body, signal });
      let chunks = 0;
      for await (const batch of answer.batches) chunks += batch.chunks.length;
      return chunks;
    };
    expect(await stream(false)).toBe(1);
    expect(await stream(true)).toBeGreaterThan(10);
  });
});

describe('docs/observability.md', () => {
  const text = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8');

  it('queries only documented fields of the log', () => {
    const queries = codeBlocks('docs/observability.md').filter(({ language }) => language === '');
    expect(queries).toHaveLength(9);
    const documented = new Set(
      [...text.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([row]) => [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name)),
    );
    const queried = queries.flatMap(({ code }) =>
      [
        ...code.matchAll(
          /(?:sum|max|min|pct|count_distinct|ispresent)\((\w+)|filter (\w+) (?:=|!=)|and (\w+) (?:=|!=)/g,
        ),
      ].map(([, ...names]) => names.find((name) => name !== undefined)),
    );
    expect(queried.length).toBeGreaterThan(15);
    expect(queried.filter((field) => field !== 'refused' && !documented.has(field))).toEqual([]);
  });

  it('documents every field of a log line', async () => {
    const { log } = await readAccount(invoker, streamed[0] ?? {});
    for (const field of Object.keys(JSON.parse(log) as object)) expect(text).toContain(`\`${field}\``);
  });
});
