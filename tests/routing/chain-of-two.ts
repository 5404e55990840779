import {
  allowAnonymous,
  type ChunkBatch,
  createProxy,
  type ModelCall,
  type ModelInvoker,
  type RequestRecord,
} from '@bedrock-proxy/core';
import {
  anthropicDialect,
  bedrockDialect,
  type Dialect,
  type FrontKind,
  nativeDialect,
  openaiDialect,
} from '@bedrock-proxy/core/dialects';
import { type BufferedAnswer, serve } from '@bedrock-proxy/core/http';
import { routingInvoker } from '@bedrock-proxy/core/routing';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { type DialectAnswer, type DialectQuestions, nativeQuestions } from '@bedrock-proxy/testing/contract';
import { anthropicQuestions } from '../conformance/anthropic-questions.ts';
import { converseQuestions, invokeQuestions } from '../conformance/bedrock-questions.ts';
import { chatQuestions } from '../conformance/openai-questions.ts';

/** The dialects, with a client of each. */
export const dialects: Readonly<Record<string, { readonly dialect: Dialect; readonly questions: DialectQuestions }>> = {
  native: { dialect: nativeDialect(), questions: nativeQuestions },
  anthropic: { dialect: anthropicDialect({ region: 'us-east-1' }), questions: anthropicQuestions },
  'bedrock invoke': { dialect: bedrockDialect(), questions: invokeQuestions },
  'bedrock converse': { dialect: bedrockDialect(), questions: converseQuestions },
  openai: { dialect: openaiDialect(), questions: chatQuestions },
};

const models = { first: 'anthropic.claude-first', second: 'anthropic.claude-second' };

/** An answer, and all that is known of it. */
export interface ChainExchange extends DialectAnswer {
  readonly record: RequestRecord;
  readonly calls: readonly ModelCall[];
}

/** Sends a question to the alias `chain`, whose targets are the two models. */
export async function askChain(
  name: string,
  kind: 'whole' | 'stream',
  front: FrontKind,
  invokers: { readonly first: ModelInvoker; readonly second: ModelInvoker },
): Promise<ChainExchange> {
  const { dialect, questions } = dialects[name] ?? {};
  const { request } = questions?.[kind] ?? {};
  if (!dialect || !request) throw new Error(`${name} has no such question.`);
  const records: RequestRecord[] = [];
  const calls: ModelCall[] = [];
  const router = routingInvoker({
    invokerFor: ({ region }) => (region === 'us-east-1' ? invokers.first : invokers.second),
  });
  const proxy = createProxy({
    invoker: {
      invoke: (call) => router.invoke(noted(call)),
      stream: (call) => router.stream(noted(call)),
    },
    access: allowAnonymous(),
    dialects: [dialect],
    aliases: {
      chain: {
        targets: [
          { model: models.first, region: 'us-east-1' },
          { model: models.second, region: 'eu-west-1' },
        ],
        firstEventTimeoutMs: 50,
      },
    },
    logger: { info: () => {}, warn: () => {}, error: () => {} },
    onRequestEnd: (record) => void records.push(record),
  });
  function noted(call: ModelCall): ModelCall {
    calls.push(call);
    return call;
  }
  const named = (text: string) => text.replace(/(?:[\w.]*anthropic\.)?claude-[\w.:%-]+/, 'chain');
  const { signal } = new AbortController();
  const asked = {
    ...{ front: 'chain', requestId: 'r-1', method: 'POST', query: '', signal },
    path: named(request.path),
    headers: Object.fromEntries(Object.entries(request.headers ?? {}).map(([key, value]) => [key, [value]])),
    body: named(Buffer.from(request.body ?? '').toString()),
  };
  const size = (piece: string | Uint8Array) => Buffer.byteLength(piece);
  const buffered = { fits: () => true, maxBodyBytes: 1_000_000, size };
  const answer = await (front === 'streaming' ? serve(proxy, asked) : serve(proxy, asked, { buffered }));
  const body = await readBody(answer.body);
  await answer.close({ bytesOut: body.length });
  const [record] = records;
  if (!record || records.length > 1) throw new Error(`${records.length} records of one request`);
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([key, value]) => [key.toLowerCase(), value]));
  return { status: answer.status, headers, body, text: body.toString(), isComplete: true, record, calls };
}

async function readBody(body: BufferedAnswer['body'] | AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** The batches of an answer with these pieces of text, in the shape of the operation that the dialect uses. */
export async function batchesOf(name: string, ...texts: readonly string[]): Promise<readonly ChunkBatch[]> {
  const operation = name === 'openai' || name.endsWith('converse') ? 'converse' : 'invoke-model';
  const { signal } = new AbortController();
  const call = { operation, modelId: 'm', body: Buffer.from('{}'), signal } as const;
  const { batches } = await new FakeInvoker().replyText(...texts).stream(call);
  const all: ChunkBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}
