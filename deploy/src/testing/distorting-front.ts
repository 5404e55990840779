import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a front between client and proxy may do to an answer. */
export interface Distortion {
  /** Sends the body at once, when it is complete. */
  readonly inOneLump?: boolean;
  /** Adds headers, beside those of the same name that are there. */
  readonly addedHeaders?: Readonly<Record<string, string>>;
  /** Answers preflights itself, with this status and no headers. */
  readonly preflightStatus?: number;
  /** Drops the end of the body from here on. */
  readonly cutBefore?: string;
  /** Hangs up on requests whose body holds this. */
  readonly hangUpOn?: string;
  /** Answers requests whose body holds `about` without asking the proxy. */
  readonly instead?: { readonly about: string; readonly status: number; readonly body: string };
}

export interface DistortingFront extends AsyncDisposable {
  readonly url: string;
}

/** A front on loopback that passes requests on and distorts the answers, as misconfigured ones do. */
export async function startDistortingFront(target: string, distortion: Distortion): Promise<DistortingFront> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { hangUpOn, instead, preflightStatus, addedHeaders = {}, inOneLump, cutBefore } = distortion;
    if (hangUpOn !== undefined && body.includes(hangUpOn)) return request.socket.destroy();
    if (request.method === 'OPTIONS' && preflightStatus !== undefined) return response.writeHead(preflightStatus).end();
    if (instead !== undefined && body.includes(instead.about))
      return response.writeHead(instead.status).end(instead.body);

    const answer = await fetch(target, {
      method: request.method ?? 'GET',
      headers: passedOn(request.headers),
      ...(body !== '' && { body }),
    });
    response.writeHead(answer.status, withAdded(answer.headers, addedHeaders));
    const whole = inOneLump || cutBefore !== undefined ? await answer.text() : undefined;
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

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
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
