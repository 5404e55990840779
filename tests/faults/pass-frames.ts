import { Readable } from 'node:stream';
import { allowAnonymous, createProxy, type ModelInvoker, type RequestRecord } from '@bedrock-proxy/core';
import { serve } from '@bedrock-proxy/core/http';
import { createFrameReader } from '../../packages/core/src/bedrock/frame-reader.ts';
import { readChunkBatches } from '../../packages/core/src/bedrock/read-chunk-batches.ts';

/** The answer of Bedrock's dialect to a stream. */
export interface PassedStream {
  readonly status: number;
  readonly body: Buffer;
  /** The types of the exception frames in the body. */
  readonly exceptions: readonly string[];
  readonly terminal: string;
}

const silent = { info() {}, warn() {}, error() {} };

/** Passes a stream of these network reads through the proxy, and no network between. */
export async function passFrames(operation: string, reads: readonly Uint8Array[]): Promise<PassedStream> {
  const records: RequestRecord[] = [];
  const proxy = createProxy({
    ...{ invoker: invokerOf(operation, reads), access: allowAnonymous(), logger: silent },
    onRequestEnd: (record) => void records.push(record),
  });
  const answer = await serve(proxy, {
    ...{ front: 'test', requestId: 'r', method: 'POST', path: `/model/a.b/${operation}`, headers: {}, body: '{}' },
    signal: new AbortController().signal,
  });
  const pieces: Uint8Array[] = [];
  if (typeof answer.body === 'string' || answer.body instanceof Uint8Array) pieces.push(Buffer.from(answer.body));
  else for await (const piece of answer.body) pieces.push(Buffer.from(piece));
  const body = Buffer.concat(pieces);
  await answer.close({ bytesOut: body.length });
  const [record] = records;
  if (!record || records.length > 1) throw new Error('One request has one record.');
  const exceptions = answer.status === 200 ? exceptionsIn(body) : [];
  return { status: answer.status, body, exceptions, terminal: record.terminal };
}

function invokerOf(operation: string, reads: readonly Uint8Array[]): ModelInvoker {
  async function* network() {
    yield* reads;
  }
  return {
    invoke: () => Promise.reject(new Error('not asked for')),
    stream: async () => ({
      contentType: 'application/json',
      meta: { attempts: 1 },
      batches: readChunkBatches(Readable.from(network()), operation === 'converse-stream' ? 'converse' : 'chunk'),
    }),
  };
}

/** The types of the exceptions in bytes that must be whole frames. Throws if they are not, or if a frame follows an exception. */
export function exceptionsIn(body: Uint8Array): readonly string[] {
  const exceptions: string[] = [];
  const reader = createFrameReader();
  const corruption = reader.push(body, ({ headers }) => {
    if (exceptions.length > 0) throw new Error('A frame follows an exception.');
    const type = headers.get(':exception-type');
    if (type !== undefined) exceptions.push(type);
  });
  if (corruption) throw corruption;
  reader.end();
  return exceptions;
}
