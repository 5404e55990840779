import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A fault of a response, after `atByte` bytes of its body on the wire. */
export interface Strike {
  readonly atByte: number;
  /** `drip` passes the rest byte by byte. */
  readonly action: 'close' | 'reset' | 'stall' | 'drip';
}

/** A TCP proxy in front of a local server. It can break the responses. */
export interface TcpProxy {
  readonly port: number;
  /** Sets the fault of the next response. If it is undefined, the proxy passes everything. */
  strikeNext(strike: Strike | undefined): void;
  /** Stops listening and closes all connections, so that new connections are refused. */
  refuse(): Promise<void>;
  /** Listens again, on the same port. */
  accept(): Promise<void>;
  readonly openConnections: number;
  /** The number of responses with a fault so far. */
  readonly strikes: number;
  close(): Promise<void>;
}

const headEnd = '\r\n\r\n';

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const clients = new Set<Socket>();
  let pending: Strike | undefined;
  let strikes = 0;
  let server = serve();

  function serve(): Server {
    return createServer({ noDelay: true }, (client) => {
      clients.add(client);
      const upstream = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
      client
        .on('error', () => undefined)
        .on('close', () => {
          clients.delete(client);
          upstream.destroy();
        });
      upstream.on('error', () => undefined).on('close', () => client.destroy());
      client.pipe(upstream);
      passResponses(upstream, client);
    });
  }

  function passResponses(upstream: Socket, client: Socket): void {
    let strike: Strike | undefined;
    let bodyBytes = -1;
    let isStalled = false;
    let wasHit = false;
    let writing = Promise.resolve();

    upstream.on('data', (bytes) => {
      if (isStalled) return;
      if (pending !== undefined) {
        strike = pending;
        pending = undefined;
        bodyBytes = -1;
        wasHit = false;
      }
      if (strike === undefined) {
        if (client.write(bytes)) return;
        upstream.pause();
        client.once('drain', () => upstream.resume());
        return;
      }
      const bodyStart = bodyBytes === -1 ? bytes.indexOf(headEnd) + headEnd.length : 0;
      // A local server sends its head in one piece.
      if (bodyBytes === -1) bodyBytes = 0;
      const until = bodyStart + strike.atByte - bodyBytes;
      bodyBytes += bytes.length - bodyStart;
      if (until > bytes.length) client.write(bytes);
      else writing = writing.then(() => hit(strike as Strike, bytes, Math.max(until, 0), client));
    });

    async function hit({ action }: Strike, bytes: Buffer, until: number, target: Socket): Promise<void> {
      if (action !== 'drip') isStalled = true;
      if (!wasHit) strikes += 1;
      wasHit = true;
      if (until > 0) await new Promise((resolve) => target.write(bytes.subarray(0, until), resolve));
      if (action === 'close') target.end(() => target.destroySoon());
      // A reset discards the bytes that the client has not read yet. Let the client read them first.
      if (action === 'reset') setTimeout(() => target.resetAndDestroy(), 30);
      if (action !== 'drip') return;
      for (const byte of bytes.subarray(until)) {
        if (target.destroyed) return;
        await new Promise((resolve) => target.write(Uint8Array.of(byte), resolve));
      }
    }
  }

  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const client of clients) client.destroy();
    });

  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    strikeNext(strike) {
      pending = strike;
    },
    refuse: stop,
    accept() {
      server = serve();
      return listen(port);
    },
    get strikes() {
      return strikes;
    },
    get openConnections() {
      return clients.size;
    },
    close: stop,
  };
}
