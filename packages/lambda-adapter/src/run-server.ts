import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@bedrock-proxy/core';
import type { ProxyListener } from '@bedrock-proxy/core/node-http';

export interface ServerOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly isWebFunction: boolean;
  readonly logger: Logger;
}

/** How long open answers may go on after the process is asked to end. Most container platforms allow ten seconds. */
const graceMs = 5_000;
/** AWS has waited for open answers before it asks, and ends the process a second later. */
const webFunctionGraceMs = 400;
/** Longer than the idle timeout of the usual load balancers, so that none of them sends a request to a closed connection. */
const keepAliveTimeoutMs = 75_000;

/** Listens until SIGTERM or SIGINT. Then no new connection is accepted, open answers end, and the process ends with 0. */
export function runServer(listener: ProxyListener, { host, port, isWebFunction, logger }: ServerOptions): void {
  const server = createServer({ keepAliveTimeout: keepAliveTimeoutMs }, listener);
  server.on('checkContinue', listener.checkContinue);
  server.once('error', (error: NodeJS.ErrnoException) => {
    logger.error({ event: 'server.failed', code: error.code, host, port }, problemOf(error, host, port));
    process.exit(1);
  });
  server.listen(port, host, () => {
    const { port: chosen } = server.address() as AddressInfo;
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`;
    logger.info({ event: 'server.listening', url }, `listening on ${url}`);
  });
  const stop = () => {
    server.close();
    void listener.drain(isWebFunction ? webFunctionGraceMs : graceMs).then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function problemOf({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE') return `Port ${port} of ${host} is in use. Set PORT to another port.`;
  if (code === 'EACCES') return `This user must not use port ${port}. Set PORT to another port.`;
  if (code === 'EADDRNOTAVAIL') return `${host} is no address of this machine. Set HOST to another address.`;
  return message;
}
