import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequestListener } from '@bedrock-proxy/core/node-http';
import type { DialectSetup } from '@bedrock-proxy/testing/contract';

/** Serves a proxy with the listener of `core/node-http`, on a free port. */
export const serveListener: NonNullable<DialectSetup['serve']> = async (proxy, remainingMs) => {
  const server = createServer(createRequestListener(proxy, { remainingMs: () => remainingMs }));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
