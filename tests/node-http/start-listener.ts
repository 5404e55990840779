import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { bearerTokens, createProxy, type ProxyOptions, type RequestRecord } from '@bedrock-proxy/core';
import { createRequestListener, type ProxyListener, type RequestListenerOptions } from '@bedrock-proxy/core/node-http';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { expect } from 'vitest';

export const token = 'a-token-of-many-characters';
export const question = (over: object = {}) => JSON.stringify({ modelId: 'anthropic.claude-v2', ...over });
const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** A listener on a server of this process, before a scripted model. */
export interface ServedListener extends AsyncDisposable {
  readonly server: Server;
  readonly listener: ProxyListener;
  readonly url: string;
  readonly model: FakeInvoker;
  readonly records: readonly RequestRecord[];
  /** The record of the only request, once it is over. */
  record(): Promise<RequestRecord>;
  /** Opens a connection for bytes as a test writes them. */
  connect(): WireClient;
}

/** The client side of a connection. */
export interface WireClient {
  readonly socket: Socket;
  /** Everything that has come so far. */
  text(): string;
  /** Resolves once the text that has come matches. Rejects if the connection closes before. */
  waitFor(pattern: RegExp): Promise<string>;
  /** Everything that came, once the connection is closed. */
  readonly closed: Promise<string>;
}

export async function startListener(
  options: RequestListenerOptions = {},
  over: Partial<ProxyOptions> = {},
): Promise<ServedListener> {
  const model = new FakeInvoker();
  const records: RequestRecord[] = [];
  const proxy = createProxy({
    ...{ invoker: model, access: bearerTokens([{ id: 'caller', token }]), logger: silent },
    onRequestEnd: (record) => void records.push(record),
    ...over,
  });
  const listener = createRequestListener(proxy, options);
  const server = createServer(listener).on('checkContinue', listener.checkContinue);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  return {
    ...{ server, listener, url: `http://127.0.0.1:${port}`, model, records },
    async record() {
      await expect.poll(() => records.length, { interval: 5 }).toBe(1);
      return records[0] as RequestRecord;
    },
    connect() {
      const client = wireClient(connect(port, '127.0.0.1'));
      sockets.push(client.socket);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function wireClient(socket: Socket): WireClient {
  let received = '';
  socket.setNoDelay(true).setEncoding('latin1');
  socket.on('data', (text: string) => {
    received += text;
  });
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  return {
    ...{ socket, text: () => received, closed },
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(received)) return;
          socket.off('data', look);
          resolve(received);
        };
        socket.on('data', look);
        void closed.then(() =>
          pattern.test(received) ? resolve(received) : reject(new Error(`Closed after: ${received}`)),
        );
        look();
      }),
  };
}

/** The bytes of a POST request. `body` is sent with its length; without it, the head announces whatever `headers` say. */
export function post({
  path = '/',
  headers = {},
  body,
}: {
  path?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
} = {}): string {
  const all = {
    ...{ host: 'proxy.example.com', authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
}
