import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

/** Header values by name. Names keep their case; an array is as many headers. */
export type SentHeaders = Readonly<Record<string, string | readonly string[]>>;

/** A request as it goes over the wire. */
export interface SentRequest {
  /** `POST` by default. */
  readonly method?: string;
  readonly headers?: SentHeaders;
  readonly body?: string | Uint8Array;
  /** Sees what has come of the answer's body so far, each time that more of it has come. */
  readonly onProgress?: (text: string) => void;
}

/** A whole answer. */
export interface ReceivedAnswer {
  readonly status: number;
  /** By lower-case name; what was sent twice is joined by a comma. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as UTF-8. */
  readonly text: string;
}

/** Sends a request exactly as it is written, which `fetch` would not, and reads the whole answer. */
export async function sendRequest(url: string, sent: SentRequest = {}): Promise<ReceivedAnswer> {
  const response = await openRequest(url, sent);
  let body = Buffer.alloc(0);
  for await (const piece of response) {
    body = Buffer.concat([body, piece as Buffer]);
    sent.onProgress?.(body.toString('utf8'));
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body, text: body.toString('utf8') };
}

function openRequest(url: string, { method = 'POST', headers = {}, body }: SentRequest): Promise<IncomingMessage> {
  const { host, port, origin } = new URL(url);
  // What stands after the origin goes out as it is: `pathname` would be normalised.
  const target = url.slice(origin.length);
  const path = target.startsWith('/') ? target : `/${target}`;
  const length = body === undefined ? [] : ['content-length', String(Buffer.byteLength(body))];
  const named = Object.entries(headers).flatMap(([name, values]) => [values].flat().flatMap((value) => [name, value]));
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: ['host', host, ...length, ...named],
      agent: false,
    };
    request(options, resolve).on('error', reject).end(body);
  });
}
