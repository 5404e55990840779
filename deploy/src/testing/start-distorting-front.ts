import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The changes that the front makes to answers of the proxy. */
export interface Distortion {
  /** Buffers the body and sends it when it is complete. */
  readonly buffersBody?: boolean;
  /** Headers to add. Existing headers of the same name remain. */
  readonly addedHeaders?: Readonly<Record<string, string>>;
  /** Answers preflights with this status and no CORS headers. */
  readonly preflightStatus?: number;
  /** Cuts the body before this text. */
  readonly cutBefore?: string;
  /** Closes the connection if the request body contains this text. */
  readonly hangUpOn?: string;
  /** Answers in place of the proxy if the request body contains `about`. */
  readonly instead?: { readonly about: string; readonly status: number; readonly body: string };
}

export interface DistortingFront extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts a server on 127.0.0.1 that forwards requests to `target` and changes the answers, like a misconfigured
 * endpoint.
 */
export async function startDistortingFront(target: string, distortion: Distortion): Promise<DistortingFront> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { hangUpOn, instead, preflightStatus, addedHeaders = {}, buffersBody, cutBefore } = distortion;
    if (hangUpOn !== undefined && body.includes(hangUpOn)) return request.socket.destroy();
    if (request.method === 'OPTIONS' && preflightStatus !== undefined) return response.writeHead(preflightStatus).end();
    if (instead !== undefined && body.includes(instead.about))
      return response.writeHead(instead.status).end(instead.body);

    const answer = await fetch(new URL(`.${request.url}`, target), {
      method: request.method ?? 'GET',
      headers: forwardedHeaders(request.headers),
      ...(body !== '' && { body }),
    });
    response.writeHead(answer.status, withAdded(answer.headers, addedHeaders));
    const whole = buffersBody || cutBefore !== undefined ? await answer.text() : undefined;
    if (whole !== undefined) return response.end(cutBefore === undefined ? whole : whole.split(cutBefore)[0]);
    for await (const bytes of answer.body ?? []) response.write(bytes);
    return response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function forwardedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const names = ['authorization', 'content-type', 'origin', 'access-control-request-method'];
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}

function withAdded(headers: Headers, added: Readonly<Record<string, string>>): OutgoingHttpHeaders {
  const passed = [...headers].filter(
    ([name]) => !['connection', 'content-length', 'keep-alive', 'transfer-encoding'].includes(name),
  );
  const values = [...passed, ...Object.entries(added)];
  return Object.fromEntries(
    values.map(([name]) => [name, values.filter(([other]) => other === name).map(([, value]) => value)]),
  );
}
