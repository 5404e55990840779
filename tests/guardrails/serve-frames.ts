import { Readable } from 'node:stream';
import { allowAnonymous, createProxy, type ModelInvoker, type RequestRecord } from '@bedrock-proxy/core';
import { serve } from '@bedrock-proxy/core/http';
import { readChunkBatches } from '../../packages/core/src/bedrock/read-chunk-batches.ts';

const guardrail = { id: 'pinned1', version: '1' };
const paths = { native: '/', anthropic: '/v1/messages' } as const;
const claude = 'anthropic.claude-sonnet-4-6';

/** An answer to a streamed request, with everything that was logged. */
export interface ServedFrames {
  readonly status: number;
  readonly text: string;
  readonly record: RequestRecord;
  readonly log: string;
}

export interface ServeOptions {
  readonly front?: 'streaming' | 'buffered';
  /** Whether the connection breaks after the reads. */
  readonly isCut?: boolean;
}

/** Answers a streamed request, under a pinned guardrail, with the frames of Bedrock that come in these reads. */
export async function serveFrames(
  dialect: keyof typeof paths,
  reads: readonly Uint8Array[],
  { front = 'streaming', isCut = false }: ServeOptions = {},
): Promise<ServedFrames> {
  const records: RequestRecord[] = [];
  const lines: object[] = [];
  const write = (line: object) => void lines.push(line);
  const proxy = createProxy({
    ...{ invoker: invokerOf(reads, isCut), access: allowAnonymous(), callOptions: { guardrail } },
    logger: { info: write, warn: write, error: write },
    onRequestEnd: (record) => void records.push(record),
  });
  const request = {
    ...{ front: 'test', requestId: 'r', method: 'POST', path: paths[dialect], headers: {} },
    body: JSON.stringify({ model: claude, stream: true, max_tokens: 5, messages: [] }),
    signal: new AbortController().signal,
  };
  const buffered = { fits: () => true, maxBodyBytes: 6_000_000, size: (piece: string | Uint8Array) => piece.length };
  const answer = front === 'buffered' ? await serve(proxy, request, { buffered }) : await serve(proxy, request);
  let text = '';
  const { body } = answer;
  if (typeof body === 'string') text = body;
  else if (body instanceof Uint8Array) text = Buffer.from(body).toString();
  else for await (const piece of body) text += Buffer.from(piece).toString();
  await answer.close({ bytesOut: text.length });
  const [record] = records;
  if (!record || records.length > 1) throw new Error('One request has one record.');
  return { status: answer.status, text, record, log: lines.map((line) => JSON.stringify(line)).join('\n') };
}

function invokerOf(reads: readonly Uint8Array[], isCut: boolean): ModelInvoker {
  async function* network() {
    yield* reads;
    if (isCut) throw new Error('aborted');
  }
  return {
    invoke: () => Promise.reject(new Error('not asked for')),
    stream: async () => ({
      contentType: 'application/json',
      meta: { attempts: 1 },
      batches: readChunkBatches(Readable.from(network()), 'chunk'),
    }),
  };
}
