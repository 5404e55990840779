import type { IncomingMessage } from 'node:http';

/** A request as a gateway receives it, nothing decoded yet. */
export interface FrontRequest {
  readonly method: string;
  /** Percent-encoding as sent. */
  readonly path: string;
  /** Without the `?`. */
  readonly query: string;
  /** `HTTP/1.1` */
  readonly protocol: string;
  /** Every header in the order and the case in which it came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly body: Buffer;
  readonly receivedAt: Date;
}

/** Reads a request to its end; `undefined` where its body is over the limit. */
export async function readFrontRequest(
  request: IncomingMessage,
  maxBodyBytes: number,
): Promise<FrontRequest | undefined> {
  const receivedAt = new Date();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    // Over the limit the rest is still read, for a client that is cut off while it sends never sees the refusal.
    if (bytes <= maxBodyBytes) chunks.push(chunk as Buffer);
  }
  if (bytes > maxBodyBytes) return undefined;
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  return {
    method: request.method ?? 'GET',
    path,
    query: query.join('?'),
    protocol: `HTTP/${request.httpVersion}`,
    headers: pairHeaders(request.rawHeaders),
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    sourcePort: request.socket.remotePort ?? 0,
    body: Buffer.concat(chunks),
    receivedAt,
  };
}

function pairHeaders(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) pairs.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  return pairs;
}

/** The value of the last header of that name, given in lower case. */
export function lastHeader({ headers }: FrontRequest, name: string): string | undefined {
  return headers.findLast(([key]) => key.toLowerCase() === name)?.[1];
}
