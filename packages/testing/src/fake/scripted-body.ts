import type { ChunkBatch } from '@bedrock-proxy/core';
import type { ScriptedCall } from './scripted-call.js';

/** A call that is answered by these very bytes; as a stream it is one chunk. */
export function scriptedBody(body: Uint8Array, contentType: string): ScriptedCall {
  return {
    async invoke(call) {
      call.end();
      return { body: body.slice(), contentType, meta: call.meta };
    },

    async stream(call) {
      async function* batches(): AsyncGenerator<ChunkBatch> {
        call.signal.throwIfAborted();
        call.end();
        yield { chunks: [{ bytes: body.slice() }] };
      }
      return { contentType, meta: call.meta, batches: batches() };
    },
  };
}
