import { createServer as createHttp1Server, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/** The common part of Node's HTTP/1.1 and HTTP/2 requests that the emulator needs. */
export interface WireRequest extends Readable {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion: string;
}

/** The common part of Node's HTTP/1.1 and HTTP/2 responses that the emulator needs. */
export interface WireResponse extends Writable {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown;
  /** Absent for HTTP/2, which sends its head without it. */
  flushHeaders?(): void;
}

/** Serves one request. `connection` is its TCP connection. */
export type WireHandler = (request: WireRequest, response: WireResponse, connection: Socket | undefined) => void;

/** A listening server that can be closed with all its connections. */
export interface DualProtocolServer {
  readonly port: number;
  close(): Promise<void>;
}

const http2Preface = 'PRI';

/**
 * Serves HTTP/1.1, and HTTP/2 without TLS, on one port. The first bytes of a connection select the protocol.
 * Rejects if the port is in use.
 */
export async function listenDualProtocol(
  port: number,
  handle: WireHandler,
  host = '127.0.0.1',
): Promise<DualProtocolServer> {
  const connections = new Map<number | undefined, Socket>();
  const http1 = createHttp1Server((request, response) => handle(request, response, request.socket));
  const http2 = createHttp2Server((request, response) =>
    handle(request, response, connections.get(request.socket.remotePort)),
  );
  // Ignores errors of HTTP/2 sessions, because an unhandled error would end the process.
  http2.on('sessionError', () => undefined);

  const server = createServer({ noDelay: true }, async (socket) => {
    const { remotePort } = socket;
    connections.set(remotePort, socket);
    socket.once('close', () => connections.delete(remotePort));
    socket.on('error', () => socket.destroy());
    const head = await readHead(socket, http2Preface.length);
    if (head === undefined || socket.destroyed) {
      socket.destroy();
      return;
    }
    socket.unshift(head);
    (head.toString('latin1').startsWith(http2Preface) ? http2 : http1).emit('connection', socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of connections.values()) socket.destroy();
      }),
  };
}

/** The first bytes of a connection, at least `length` of them. Undefined if the connection ends before. */
function readHead(socket: Socket, length: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let head = Buffer.alloc(0);
    const settle = (value: Buffer | undefined) => {
      socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd);
      resolve(value);
    };
    const onEnd = () => settle(undefined);
    const onReadable = () => {
      head = Buffer.concat([head, (socket.read() as Buffer | null) ?? Buffer.alloc(0)]);
      if (head.length >= length) settle(head);
    };
    socket.on('readable', onReadable).on('end', onEnd).on('close', onEnd);
  });
}
