import { randomUUID } from 'node:crypto';
import { request as forward, type RequestListener } from 'node:http';

/**
 * What AWS puts before a Web Function, as far as it is known: it names each request, and adds the address of its client to
 * `X-Forwarded-For`. It passes bytes on as they come, in both directions.
 */
export function lambdaGateway(url: string): RequestListener {
  const { hostname, port } = new URL(url);
  return (request, response) => {
    const requestId = randomUUID();
    const claimed = request.headers['x-forwarded-for'];
    const address = request.socket.remoteAddress ?? '';
    const added = {
      'lambda-web-request-id': requestId,
      'x-forwarded-for': claimed === undefined ? address : `${claimed}, ${address}`,
    };
    const passed = request.rawHeaders.flatMap((name, index, all) =>
      index % 2 === 0 && !(name.toLowerCase() in added) ? [name, all[index + 1] ?? ''] : [],
    );
    const upstream = forward(
      {
        ...{ hostname, port, method: request.method, path: request.url, agent: false },
        headers: [...passed, ...Object.entries(added).flat()],
      },
      (answer) => {
        // With a list of names and values, Node would not keep two headers of one name apart otherwise.
        response.writeHead(answer.statusCode ?? 502, [...answer.rawHeaders, 'lambda-web-request-id', requestId]);
        response.flushHeaders();
        answer.pipe(response);
        answer.on('error', () => response.destroy());
      },
    );
    upstream.on('error', () => response.destroy());
    response.once('close', () => upstream.destroy());
    request.pipe(upstream);
  };
}
