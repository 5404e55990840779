import { randomUUID } from 'node:crypto';
import { lambdaEndpoint, startWebFunction } from '../web-function/start-web-function.ts';
import { type FrontProcess, shortLimits } from './start-front.ts';

/** Starts the Web Function with Bedrock at `endpoint`. It gets the event of a Function URL as the HTTP request that the event describes. */
export async function startWebFront(
  endpoint: string,
  env: Readonly<Record<string, string>> = {},
): Promise<FrontProcess> {
  const proxy = await startWebFunction({
    ...{ ...shortLimits, REQUEST_TIMEOUT_MS: '60000', ...env, ...lambdaEndpoint },
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: endpoint,
  });
  return {
    async invoke(event, { requestId = randomUUID(), signal } = {}) {
      const { rawPath, headers, body } = event as { rawPath: string; headers: Record<string, string>; body: string };
      const answer = await fetch(proxy.url + rawPath, {
        ...{ method: 'POST', body, headers: { ...headers, 'lambda-web-request-id': requestId } },
        ...(signal && { signal }),
      });
      return {
        ...{ mode: 'streamed', requestId, contentType: answer.headers.get('content-type') ?? '' },
        prelude: { statusCode: answer.status, headers: Object.fromEntries(answer.headers) },
        body: piecesOf(answer),
        trailers: Promise.resolve({}),
      };
    },
    log: proxy.log,
    // A process that ends is not started again.
    get coldStarts() {
      return proxy.process.exitCode === null ? 1 : 2;
    },
    async close() {
      await proxy[Symbol.asyncDispose]();
    },
  };
}

async function* piecesOf({ body }: Response) {
  for await (const bytes of body ?? []) yield { bytes, atMs: performance.now() };
}
