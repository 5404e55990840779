import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DualProtocolServer, listenDualProtocol } from './dual-protocol-server.js';

let server: DualProtocolServer;
beforeEach(async () => {
  server = await listenDualProtocol(0, (request, response) => {
    request.on('error', () => undefined).resume();
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(`HTTP ${request.httpVersion}`);
  });
});
afterEach(() => server.close());

/** Sends the writes and ends its side of the connection. Resolves to the bytes that came back before the server closed. */
function exchange(writes: Iterable<string | Uint8Array>): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect({ port: server.port, host: '127.0.0.1', noDelay: true });
    socket.on('error', () => undefined).on('close', () => resolve(received));
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
    });
    for (const bytes of writes) socket.write(bytes, 'latin1');
    socket.end();
  });
}

function requestOverHttp2(): Promise<string> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`http://127.0.0.1:${server.port}`).on('error', reject);
    const stream = session.request({ ':path': '/' }).setEncoding('utf8');
    let received = '';
    stream.on('error', reject).on('data', (text: string) => {
      received += text;
    });
    stream.on('end', () => session.close(() => resolve(received)));
  });
}

describe('one port', () => {
  it('serves HTTP/1.1 and HTTP/2 clients', async () => {
    expect(await (await fetch(`http://127.0.0.1:${server.port}`)).text()).toBe('HTTP 1.1');
    expect(await requestOverHttp2()).toBe('HTTP 2.0');
  });

  it('accepts a request whose bytes come one by one', async () => {
    const answer = await exchange('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 200 OK.*HTTP 1\.1/s);
  });

  it('cannot be used twice', async () => {
    await expect(listenDualProtocol(server.port, () => undefined)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('a connection', () => {
  it.each([
    ['that is not HTTP', ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03']],
    ['that breaks off in its first bytes', ['PR']],
    ['that sends nothing', []],
    ['with a broken HTTP/2 preface', ['PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n', 'x'.repeat(100)]],
    ['with garbage after the HTTP/2 preface', ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', Buffer.alloc(64, 0xff)]],
    ['that ends before its announced body', ['POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{']],
  ])('%s does not affect other connections', async (_, writes) => {
    await exchange(writes);
    expect(await requestOverHttp2()).toBe('HTTP 2.0');
  });

  it.each([
    ['idle', ''],
    ['incomplete', 'PR'],
    ['busy', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n'],
  ])('that is %s ends when the server closes, and the port is free again', async (_, bytes) => {
    const socket = connect(server.port, '127.0.0.1')
      .on('error', () => undefined)
      .resume();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('connect', resolve));
    if (bytes !== '') await new Promise((resolve) => socket.write(bytes, resolve));
    await server.close();
    await closed;
    server = await listenDualProtocol(server.port, () => undefined);
  });
});
