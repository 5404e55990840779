import type { Readable } from 'node:stream';

/** Bedrock's own limit, in bytes. */
const largestBody = 25_000_000;

/** The whole body. Undefined if the client disconnects before its end, or if the body exceeds Bedrock's limit. */
export async function readBody(incoming: Readable): Promise<Uint8Array | undefined> {
  incoming.on('error', () => undefined);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > largestBody) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}
