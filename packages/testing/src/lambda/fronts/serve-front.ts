import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that is listening. */
export interface ServedFront extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Closes all connections and stops the server. */
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1. By default, `port` is 0, which selects a free port. Rejects if the port is in use. */
export async function serveFront(
  front: RequestListener,
  { port = 0 }: { readonly port?: number } = {},
): Promise<ServedFront> {
  const server = createServer(front);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: boundPort } = server.address() as AddressInfo;
  async function close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    server.closeAllConnections();
    await closed;
  }
  return { url: `http://127.0.0.1:${boundPort}`, port: boundPort, close, [Symbol.asyncDispose]: close };
}
