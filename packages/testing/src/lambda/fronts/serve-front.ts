import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { listenDualProtocol } from '../../emulator/dual-protocol-server.js';

/** A server that is listening. */
export interface ServedFront extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Closes all connections and stops the server. */
  close(): Promise<void>;
}

/**
 * Starts a server for HTTP/1.1 and for HTTP/2 without TLS. By default, `host` is 127.0.0.1, and `port` is 0, which selects a free port.
 * Rejects if the port is in use.
 */
export async function serveFront(
  front: RequestListener,
  { port = 0, host = '127.0.0.1' }: { readonly port?: number; readonly host?: string } = {},
): Promise<ServedFront> {
  // Node's HTTP/2 requests and responses have the members of HTTP/1.1 that a listener uses.
  const server = await listenDualProtocol(
    port,
    (request, response) => front(request as IncomingMessage, response as unknown as ServerResponse),
    host,
  );
  const close = () => server.close();
  return { url: `http://127.0.0.1:${server.port}`, port: server.port, close, [Symbol.asyncDispose]: close };
}
