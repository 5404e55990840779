import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as a service of AWS receives it. */
export interface ReceivedCall {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The connection that brought it. */
  readonly socket: Socket;
}

export interface ServiceAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A service of AWS on a port of this machine. */
export interface FakeService extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly ReceivedCall[];
}

/** Answers each call with `answer`. A call whose answer is undefined has none. */
export async function startService(answer: (call: ReceivedCall) => ServiceAnswer | undefined): Promise<FakeService> {
  const calls: ReceivedCall[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { method, url, headers, socket } = request;
    const call = { method, url, headers, socket, body: Buffer.concat(pieces).toString() };
    calls.push(call);
    const given = answer(call);
    if (given) response.writeHead(given.status ?? 200, given.headers ?? {}).end(given.body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
