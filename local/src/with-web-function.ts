import type { RequestListener } from 'node:http';
import type { RequestListenerOptions } from '@bedrock-proxy/core/node-http';

/**
 * Serves `/web/…` as a Web Function and a container do, without a Lambda event, and passes all other requests to `functions`. Reads the
 * environment at the first such request.
 */
export function withWebFunction(
  functions: RequestListener,
  options: Pick<RequestListenerOptions, 'sourceIp'> = {},
): RequestListener {
  let listener: Promise<RequestListener> | undefined;
  return (request, response) => {
    const { url = '/' } = request;
    const [, firstSegment] = url.split(/[/?]/);
    if (firstSegment !== 'web') {
      functions(request, response);
      return;
    }
    listener ??= createListener(options);
    request.url = url.slice('/web'.length);
    listener
      .then((listen) => listen(request, response))
      .catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
  };
}

/** With dynamic imports, because the emulator itself needs no SDK. */
async function createListener(options: Pick<RequestListenerOptions, 'sourceIp'>): Promise<RequestListener> {
  const [{ createProxy }, { createBedrockInvoker }, { readConfiguration }, { createRequestListener }] =
    await Promise.all([
      import('@bedrock-proxy/core'),
      import('@bedrock-proxy/core/bedrock'),
      import('@bedrock-proxy/core/config'),
      import('@bedrock-proxy/core/node-http'),
    ]);
  const { connect, proxy, http } = readConfiguration(process.env);
  return createRequestListener(createProxy({ invoker: connect(createBedrockInvoker), ...proxy }), {
    ...{ ...options, ...http },
    front: 'web-function',
  });
}
