import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A front that listens. */
export interface ServedFront extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 alone; `port` 0, the default, picks a free one. Rejects where the port is in use. */
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
