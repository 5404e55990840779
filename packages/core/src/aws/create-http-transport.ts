import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';

/** Where requests are sent. */
export interface HttpTarget {
  readonly protocol: string;
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port?: number | undefined;
}

/** The server of a URL. */
export function targetOf({ protocol, hostname, port }: URL): HttpTarget {
  return { protocol, hostname: hostname.replace(/^\[(.*)\]$/, '$1'), ...(port !== '' && { port: Number(port) }) };
}

/** A POST request. */
export interface HttpPost {
  readonly target: HttpTarget;
  readonly path: string;
  /** `host` and `content-length` are among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** Response headers by lower-case name. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** An answer, whose body is still to be read. */
export interface HttpAnswer extends Readable {
  readonly statusCode?: number | undefined;
  readonly headers: ResponseHeaders;
}

/** Sends requests over connections of its own. */
export interface HttpTransport {
  /**
   * Resolves with the head of the answer, whose body is then read. Rejects with the error of the connection. When `signal` aborts, the
   * connection is closed: before the answer, it rejects with the reason; after it, the body breaks off.
   */
  post(request: HttpPost, signal: AbortSignal): Promise<HttpAnswer>;
  /** Closes all connections. */
  close(): void;
}

export interface HttpTransportOptions {
  /** Whether connections stay open for the next request. */
  readonly keepAlive: boolean;
  /** Milliseconds to connect. Unlimited by default, and if it is 0 or `Infinity`. */
  readonly connectionTimeoutMs?: number | undefined;
}

/**
 * HTTP/1.1 by Node's own modules. It has no limits but that of the time to connect: who calls tells a slow server from a dead one, and
 * how many calls there are at once.
 */
export function createHttpTransport({ keepAlive, connectionTimeoutMs = 0 }: HttpTransportOptions): HttpTransport {
  const isLimited = connectionTimeoutMs > 0 && connectionTimeoutMs < Infinity;
  const plainAgent = new HttpAgent({ keepAlive });
  const tlsAgent = new HttpsAgent({ keepAlive });
  return {
    post({ target: { protocol, hostname, port }, path, headers, body }, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      const isTls = protocol === 'https:';
      const agent = isTls ? tlsAgent : plainAgent;
      return new Promise((resolve, reject) => {
        const request = (isTls ? httpsRequest : httpRequest)({
          ...{ agent, method: 'POST', host: hostname, path, headers: Object.entries(headers).flat() },
          ...(port !== undefined && { port }),
        });
        const onAbort = () => {
          reject(signal.reason);
          request.destroy();
        };
        signal.addEventListener('abort', onAbort);
        request
          .on('response', resolve)
          .on('error', reject)
          .on('upgrade', (_answer, socket) => {
            socket.destroy();
            const error = new Error('The server changed the protocol instead of answering.');
            reject(Object.assign(error, { code: 'EPROTO' }));
          })
          .on('close', () => signal.removeEventListener('abort', onAbort));
        if (isLimited) limitConnecting(request, connectionTimeoutMs);
        request.end(body);
      });
    },
    close() {
      plainAgent.destroy();
      tlsAgent.destroy();
    },
  };
}

function limitConnecting(request: ClientRequest, ms: number): void {
  request.once('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => {
      const error = new Error(`No connection to the server after ${ms} ms.`);
      request.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
    }, ms);
    const stop = () => clearTimeout(timer);
    socket.once('connect', stop).once('close', stop);
  });
}

/**
 * The bytes of a body. Rejects with the error of a body that breaks off.
 *
 * @throws RangeError if there are more than `longest` bytes
 */
export function readBody(body: Readable, longest = Number.POSITIVE_INFINITY): Promise<Buffer> {
  // The iterator of a stream that Node has costs more than a small body.
  return new Promise((resolve, reject) => {
    const pieces: Uint8Array[] = [];
    let length = 0;
    const onEnd = () => resolve(Buffer.concat(pieces, length));
    const onClose = () => {
      if (!body.readableEnded) reject(body.errored ?? new Error('The body broke off.'));
    };
    body
      .on('data', (piece: Uint8Array) => {
        length += piece.length;
        if (length > longest) body.destroy(new RangeError(`The answer is over ${longest} bytes.`));
        else pieces.push(piece);
      })
      .on('end', onEnd)
      .on('error', reject)
      .on('close', onClose);
    // A stream tells neither a second time.
    if (body.readableEnded) onEnd();
    else if (body.closed) onClose();
  });
}
