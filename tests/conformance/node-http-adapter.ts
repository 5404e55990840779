import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type HttpAnswer, type HttpOptions, type ModelProxy, serve } from '@bedrock-proxy/core/http';

/** Serves a proxy with a plain Node server: `createServer(nodeHttpListener(proxy)).listen(8080)`. */
export function nodeHttpListener(proxy: ModelProxy, options?: HttpOptions): RequestListener {
  async function listen(request: IncomingMessage, response: ServerResponse, client: AbortSignal): Promise<void> {
    const { method = 'GET', url = '/', headersDistinct, socket } = request;
    const received = {
      front: 'node-http',
      requestId: randomUUID(),
      method,
      path: url.split('?', 1)[0] ?? '/',
      headers: Object.fromEntries(Object.entries(headersDistinct).map(([name, values = []]) => [name, values])),
      sourceIp: socket.remoteAddress ?? '',
      body: await readBody(request, proxy.limits.maxBodyBytes),
      signal: client,
    };
    const answer = await serve(proxy, received, options);
    await answer.close(await writeAnswer(answer, response, client));
  }

  return (request, response) => {
    const client = new AbortController();
    response.once('close', () => client.abort());
    listen(request, response, client.signal).catch(() => response.destroy());
  };
}

/** Reads a body to its end. Keeps no more of a body that is too large than the proxy needs to refuse it. */
async function readBody(request: AsyncIterable<Buffer>, maxBytes: number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let kept = 0;
  for await (const piece of request) {
    if (kept <= maxBytes) pieces.push(piece);
    kept += piece.length;
  }
  return Buffer.concat(pieces);
}

async function writeAnswer(
  { status, headers, body, signal }: HttpAnswer,
  response: ServerResponse,
  client: AbortSignal,
) {
  const isOver = AbortSignal.any([client, signal]);
  let bytesOut = 0;
  response.writeHead(status, headers);
  for await (const piece of typeof body === 'string' || body instanceof Uint8Array ? [body] : body) {
    if (client.aborted) break;
    bytesOut += Buffer.byteLength(piece);
    if (!response.write(piece)) await once(response, 'drain', { signal: isOver }).catch(() => {});
  }
  const clientLeft = client.aborted;
  response.end();
  return { bytesOut, clientLeft };
}
