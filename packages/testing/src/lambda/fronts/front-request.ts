import type { IncomingMessage } from 'node:http';

/** A request as the gateway receives it, without decoding. */
export interface FrontRequest {
  readonly method: string;
  /** Percent-encoded as sent. */
  readonly path: string;
  /** Without the `?`. */
  readonly query: string;
  /** Such as `HTTP/1.1`. */
  readonly protocol: string;
  /** All headers in the original order and case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly body: Buffer;
  readonly receivedAt: Date;
}

/** Options of every kind of endpoint. */
export interface FrontOptions {
  /** The address that the endpoint takes for its client's. By default the other end of the connection. */
  readonly sourceIp?: (request: IncomingMessage) => string | undefined;
}

/** Reads a whole request. Returns `undefined` if the body exceeds the limit. */
export async function readFrontRequest(
  request: IncomingMessage,
  maxBodyBytes: number,
  { sourceIp = ({ socket }) => socket.remoteAddress ?? '127.0.0.1' }: FrontOptions = {},
): Promise<FrontRequest | undefined> {
  const receivedAt = new Date();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    // The rest is still read, because a client that is cut off while it sends never reads the 413 response.
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
    sourceIp: sourceIp(request) ?? '',
    sourcePort: request.socket.remotePort ?? 0,
    body: Buffer.concat(chunks),
    receivedAt,
  };
}

function pairHeaders(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    // HTTP/2 sends the method and the path as headers too.
    if (!name.startsWith(':')) pairs.push([name, value]);
  }
  return pairs;
}

/** The value of the last header with this name. `name` must be in lower case. */
export function lastHeader({ headers }: FrontRequest, name: string): string | undefined {
  return headers.findLast(([key]) => key.toLowerCase() === name)?.[1];
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Formats a time as in the request context of an event: `12/Mar/2020:19:03:58 +0000`. */
export function formatRequestTime(time: Date): string {
  const [date = '', clock = ''] = time.toISOString().split(/[T.]/);
  const [year, , day] = date.split('-');
  return `${day}/${months[time.getUTCMonth()]}/${year}:${clock} +0000`;
}
