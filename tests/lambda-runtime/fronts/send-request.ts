import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

interface RequestOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

interface ReceivedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The body parsed as JSON. */
  readonly json: () => never;
}

/** Sends a request without the changes that `fetch` makes, and reads the whole answer. */
export async function sendRequest(
  url: string,
  { method = 'GET', headers = {}, body }: RequestOptions = {},
): Promise<ReceivedAnswer> {
  const { host, port } = new URL(url);
  const path = url.slice(url.indexOf(host) + host.length);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, async (response) => {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        const received = Buffer.concat(chunks);
        const text = received.toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: received,
          text,
          json: () => JSON.parse(text) as never,
        });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
