import { Readable } from 'node:stream';
import { isProxyError, type ModelInvoker, streamModel } from '@bedrock-proxy/core';
import { readChunkBatches } from '../../packages/core/src/bedrock/read-chunk-batches.ts';

/** The result of a stream for a program that imports core. */
export interface WireReading {
  readonly text: string;
  /** `done`, or the code of the error. */
  readonly terminal: string;
}

/** Reads Bedrock's wire with core's own reader, without a network. */
export async function readWire(reads: Iterable<Uint8Array>): Promise<WireReading> {
  async function* network(): AsyncGenerator<Uint8Array> {
    yield* reads;
  }
  const invoker: ModelInvoker = {
    invoke: () => Promise.reject(new Error('not asked for')),
    stream: async () => ({
      contentType: 'application/json',
      meta: { attempts: 1 },
      batches: readChunkBatches(Readable.from(network()), 'chunk'),
    }),
  };
  let text = '';
  try {
    for await (const event of streamModel(invoker, { modelId: 'm', payload: {} })) {
      if (event.type === 'text-delta') text += event.text;
    }
    return { text, terminal: 'done' };
  } catch (error) {
    if (!isProxyError(error)) throw error;
    return { text, terminal: error.code };
  }
}
