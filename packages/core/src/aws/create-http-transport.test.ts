import { once } from 'node:events';
import {
  createServer,
  Agent as HttpAgent,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  createHttpTransport,
  type HttpPost,
  type HttpTransportOptions,
  readBody,
  targetOf,
} from './create-http-transport.js';

afterEach(() => void vi.restoreAllMocks());

const never = new AbortController().signal;

/** A server, and a transport to it. */
async function connected(answer: RequestListener, options: Partial<HttpTransportOptions> = {}, host = '127.0.0.1') {
  const server = createServer(answer);
  await new Promise<void>((resolve) => void server.listen(0, host, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const transport = createHttpTransport({ keepAlive: true, ...options });
  onTestFinished(() => transport.close());
  return { server, transport, url: urlOf(server, host) };
}

function urlOf(server: Server, host: string): URL {
  const { port } = server.address() as AddressInfo;
  return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}/`);
}

const postTo = (url: URL, { body = 'ä', ...rest }: Partial<HttpPost> = {}): HttpPost => ({
  target: targetOf(url),
  path: '/a%3Ab?c',
  headers: { host: url.host, 'content-length': String(Buffer.byteLength(body)), 'x-a': '1' },
  body,
  ...rest,
});

const ok = (_: IncomingMessage, response: ServerResponse) => void response.end('{}');

describe('a transport', () => {
  it.each(['127.0.0.1', '::1'])('sends path, headers and body as they are to %s', async (host) => {
    const received: unknown[] = [];
    const { transport, url } = await connected(
      async (request, response) => {
        const body = await readBody(request);
        received.push(request.method, request.url, request.headers['x-a'], request.headers.host, body.toString());
        response.writeHead(418, { 'X-B': '2' }).end('short and stout');
      },
      {},
      host,
    );
    const answer = await transport.post(postTo(url), never);
    expect([answer.statusCode, answer.headers['x-b']]).toEqual([418, '2']);
    expect((await readBody(answer)).toString()).toBe('short and stout');
    expect(received).toEqual(['POST', '/a%3Ab?c', '1', url.host, 'ä']);
  });

  it('sends bytes with their length, in one piece', async () => {
    const { transport, url } = await connected(async (request, response) => {
      const body = await readBody(request);
      response.end(`${request.headers['content-length']} ${request.headers['transfer-encoding']} ${body.length}`);
    });
    const answer = await transport.post(postTo(url, { body: Buffer.alloc(100_000) }), never);
    expect((await readBody(answer)).toString()).toBe('100000 undefined 100000');
  });

  it.each([
    [true, 1],
    [false, 3],
  ])('that keeps connections: %s, opens %i for three requests', async (keepAlive, expected) => {
    const { server, transport, url } = await connected(ok, { keepAlive });
    const onConnection = vi.fn();
    server.on('connection', onConnection);
    for (let count = 0; count < 3; count++) {
      await readBody(await transport.post(postTo(url), never));
      await sleep(1);
    }
    expect(onConnection).toHaveBeenCalledTimes(expected);
  });

  it('connects again after it was closed', async () => {
    const { server, transport, url } = await connected(ok);
    const onConnection = vi.fn();
    server.on('connection', onConnection);
    await readBody(await transport.post(postTo(url), never));
    transport.close();
    expect((await readBody(await transport.post(postTo(url), never))).toString()).toBe('{}');
    expect(onConnection).toHaveBeenCalledTimes(2);
  });

  it('closes its connections of both kinds', () => {
    const plain = vi.spyOn(HttpAgent.prototype, 'destroy');
    const tls = vi.spyOn(HttpsAgent.prototype, 'destroy');
    createHttpTransport({ keepAlive: true }).close();
    expect(new Set([...plain.mock.contexts, ...tls.mock.contexts].map((agent) => Object(agent).constructor))).toEqual(
      new Set([HttpAgent, HttpsAgent]),
    );
  });

  it('rejects with the error of a server that refuses the connection', async () => {
    const { server, transport, url } = await connected(ok);
    server.close();
    await once(server, 'close');
    await expect(transport.post(postTo(url), never)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('rejects with the error of a server that hangs up before the answer', async () => {
    const { transport, url } = await connected((request) => void request.socket.destroy());
    await expect(transport.post(postTo(url), never)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('rejects and hangs up if the server changes the protocol', async () => {
    const closed = Promise.withResolvers<void>();
    const { transport, url } = await connected(({ socket }) => {
      socket.once('close', () => closed.resolve());
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n');
    });
    await expect(transport.post(postTo(url), never)).rejects.toMatchObject({ code: 'EPROTO' });
    await closed.promise;
  });

  it('speaks TLS to an https target', async () => {
    const first = Promise.withResolvers<Buffer>();
    const server = createTcpServer(
      (socket) => void socket.once('data', (data) => first.resolve(data) ?? socket.destroy()),
    );
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const transport = createHttpTransport({ keepAlive: false });
    const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await expect(transport.post(postTo(url), never)).rejects.toMatchObject({ code: 'ECONNRESET' });
    // A handshake record of TLS.
    expect((await first.promise)[0]).toBe(22);
  });
});

describe('a transport whose signal aborts', () => {
  it('before the request sends nothing', async () => {
    const listener = vi.fn();
    const { transport, url } = await connected(listener);
    await expect(transport.post(postTo(url), AbortSignal.abort('given up'))).rejects.toBe('given up');
    expect(listener).not.toHaveBeenCalled();
  });

  it('before the answer closes the connection and rejects with the reason', async () => {
    const closed = Promise.withResolvers<void>();
    const controller = new AbortController();
    const { transport, url } = await connected((request) => {
      request.socket.once('close', () => closed.resolve());
      controller.abort('given up');
    });
    await expect(transport.post(postTo(url), controller.signal)).rejects.toBe('given up');
    await closed.promise;
  });

  it('after the answer began closes the connection, and the body breaks off', async () => {
    const closed = Promise.withResolvers<void>();
    const controller = new AbortController();
    const { transport, url } = await connected((request, response) => {
      request.socket.once('close', () => closed.resolve());
      response.write('the beginning');
    });
    const answer = await transport.post(postTo(url), controller.signal);
    const body = readBody(answer);
    controller.abort('given up');
    await expect(body).rejects.toMatchObject({ code: 'ECONNRESET' });
    await closed.promise;
  });

  it('after the answer does nothing, because nobody listens any more', async () => {
    const { transport, url } = await connected(ok);
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    const added = vi.spyOn(signal, 'addEventListener');
    await readBody(await transport.post(postTo(url), signal));
    await vi.waitFor(() => expect(removed).toHaveBeenCalledOnce());
    expect(removed.mock.calls[0]?.[1]).toBe(added.mock.calls[0]?.[1]);
  });
});

describe('a transport with a limit on the time to connect', () => {
  const post = postTo(new URL('http://127.0.0.1:9'));

  it('rejects if there is no connection in time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    vi.spyOn(Socket.prototype, 'connect').mockImplementation(function connect(this: Socket) {
      return Object.assign(this, { connecting: true });
    });
    const transport = createHttpTransport({ keepAlive: true, connectionTimeoutMs: 70 });
    const outcome = transport.post(post, never).catch((error: unknown) => error);
    await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(69);
    await new Promise(setImmediate);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({ code: 'ETIMEDOUT', message: 'No connection to the server after 70 ms.' });
  });

  it.each([0, Infinity])('of %d waits as long as it takes', async (connectionTimeoutMs) => {
    const { transport, url } = await connected(ok, { connectionTimeoutMs });
    const limits = vi.spyOn(globalThis, 'setTimeout');
    const connect = Socket.prototype.connect;
    vi.spyOn(Socket.prototype, 'connect').mockImplementation(function later(this: Socket, ...args: unknown[]) {
      Object.assign(this, { connecting: true });
      void sleep(20).then(() => Reflect.apply(connect, this, args));
      return this;
    });
    expect((await transport.post(postTo(url), never)).statusCode).toBe(200);
    expect(limits).not.toHaveBeenCalledWith(expect.any(Function), connectionTimeoutMs);
  });

  it('leaves no timer behind once it is connected, and none for a connection that it kept', async () => {
    const { transport, url } = await connected(ok, { connectionTimeoutMs: 10_000 });
    const set = vi.spyOn(globalThis, 'setTimeout');
    const cleared = vi.spyOn(globalThis, 'clearTimeout');
    for (let count = 0; count < 2; count++) {
      await readBody(await transport.post(postTo(url), never));
      await new Promise(setImmediate);
    }
    const timers = set.mock.results.filter((_, index) => set.mock.calls[index]?.[1] === 10_000);
    expect(timers).toHaveLength(1);
    expect(cleared).toHaveBeenCalledWith(timers[0]?.value);
  });
});

describe('readBody', () => {
  const pieces = () => Readable.from([Buffer.from('ab'), Buffer.from('c')]);

  it('joins the pieces', async () => {
    expect((await readBody(pieces())).toString()).toBe('abc');
    expect((await readBody(pieces(), 3)).toString()).toBe('abc');
  });

  it('throws if there are more bytes than allowed', async () => {
    const body = pieces();
    await expect(readBody(body, 2)).rejects.toThrow(new RangeError('The answer is over 2 bytes.'));
    expect(body.destroyed).toBe(true);
  });

  it('rejects if the body breaks off, with its error if it has one', async () => {
    const silent = pieces();
    const broken = readBody(silent);
    silent.destroy();
    await expect(broken).rejects.toThrow('The body broke off.');
    const failing = pieces();
    const failed = readBody(failing);
    failing.destroy(new Error('reset'));
    await expect(failed).rejects.toThrow('reset');
  });

  it.each([undefined, new Error('reset')])('rejects if the body had broken off before: %s', async (error) => {
    const body = pieces().on('error', () => {});
    body.destroy(error);
    await new Promise((resolve) => void body.once('close', resolve));
    await expect(readBody(body)).rejects.toThrow(error?.message ?? 'The body broke off.');
  });

  it('resolves with no bytes if the body had ended before, as one does whose call was aborted', async () => {
    const body = pieces().resume();
    await new Promise((resolve) => void body.once('end', resolve));
    expect(await readBody(body)).toHaveLength(0);
  });
});
