import { type IncomingMessage, request } from 'node:http';
import type { RequestRecord } from '@bedrock-proxy/core';
import { type Asked, answerSoFar, type Client } from './answer-so-far.js';
import type { DialectRequest, ServedProxy } from './dialect-setup.js';
import { until } from './turns.js';

/**
 * Sends one request to a server, and stops the server after the answer. Resolves once the record of the request is in `records`; that
 * of a client that left is the only source of its status.
 */
export async function askByHttp(
  served: ServedProxy,
  asked: DialectRequest,
  { signal, onProgress }: Client,
  records: readonly RequestRecord[],
): Promise<Asked> {
  const pieces: Uint8Array[] = [];
  const began = performance.now();
  let head: Pick<Asked, 'status' | 'headers'> | undefined;
  let headMs = Number.NaN;
  try {
    const response = await open(served.url, asked, signal);
    headMs = performance.now() - began;
    head = { status: response.statusCode ?? 0, headers: valuesOf(response) };
    for await (const piece of response) {
      pieces.push(piece as Buffer);
      onProgress?.(answerSoFar(head, Buffer.concat(pieces), false));
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
  await until(() => records.length > 0);
  await served.stop();
  const [{ status = 0, requestId = '' } = {}] = records;
  const answer = head ?? { status, headers: {} };
  const clientLeft = signal?.aborted === true;
  return { ...answerSoFar(answer, Buffer.concat(pieces), !clientLeft), requestId, pieces, headMs, clientLeft };
}

function open(url: string, asked: DialectRequest, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  const { method = 'POST', path, query, headers = {}, body = '' } = asked;
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        // The path goes out as it is: a URL would be normalised.
        ...{ hostname, port, method, path: query ? `${path}?${query}` : path, agent: false },
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        ...(signal && { signal }),
      },
      resolve,
    );
    sent.on('error', reject).end(body);
  });
}

function valuesOf({ headers }: IncomingMessage): Asked['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, values = '']) => [name, [values].flat().join(', ')]));
}
