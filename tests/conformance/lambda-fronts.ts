import type { RequestListener } from 'node:http';
import type { FrontSetup } from '@bedrock-proxy/testing/contract';
import {
  functionUrlFront,
  httpApiFront,
  type Invoke,
  restApiFront,
  restApiStreamFront,
  serveFront,
} from '@bedrock-proxy/testing/lambda';
import { type BundleName, bundles, nodes, startBundle } from './bundles.ts';

const binaryMediaTypes = ['application/octet-stream'];
/** As `deploy` sets them for a REST API that buffers. */
const allMediaTypes = ['*/*'];

/** A Function URL with its bundle, on the given Node binary. */
export function functionUrl(node = nodes[24]): FrontSetup {
  const gateway = { bundle: 'function-url', node, path: '', listen: functionUrlFront } as const;
  return { front: 'function-url', streamsAs: 'events', gatewayRequestId: 'x-amzn-requestid', start: behind(gateway) };
}

/** A buffering REST API with the stage `prod`. */
export function restApi(node = nodes[24]): FrontSetup {
  const listen = (invoke: Invoke) => restApiFront(invoke, { stage: 'prod', binaryMediaTypes: allMediaTypes });
  const gateway = { bundle: 'api-gateway', node, path: '/prod', listen } as const;
  return { front: 'rest-api', streamsAs: 'array', gatewayRequestId: 'x-amzn-requestid', start: behind(gateway) };
}

/** An HTTP API with the stage `http`. */
export function httpApi(node = nodes[24]): FrontSetup {
  const listen = (invoke: Invoke) => httpApiFront(invoke, { stage: 'http' });
  const gateway = { bundle: 'api-gateway', node, path: '/http', listen } as const;
  return { front: 'http-api', streamsAs: 'array', gatewayRequestId: 'apigw-requestid', start: behind(gateway) };
}

/** A streaming REST API with the stage `stream`. */
export function restApiStream(node = nodes[24]): FrontSetup {
  const listen = (invoke: Invoke) => restApiStreamFront(invoke, { stage: 'stream', binaryMediaTypes });
  const gateway = { bundle: 'api-gateway-stream', node, path: '/stream', listen } as const;
  return {
    front: 'rest-api-stream',
    streamsAs: 'events',
    gatewayRequestId: 'x-amzn-requestid',
    start: behind(gateway),
  };
}

interface Gateway {
  readonly bundle: BundleName;
  readonly node: string;
  /** The prefix of every path. */
  readonly path: string;
  listen(invoke: Invoke): RequestListener;
}

function behind({ bundle, node, path, listen }: Gateway): FrontSetup['start'] {
  return async (environment) => {
    const sandbox = await startBundle(bundles[bundle], environment, node);
    const served = await serveFront(listen(sandbox.invoke));
    return {
      url: served.url + path,
      log: () => sandbox.log.lines,
      async stop() {
        const { coldStarts } = sandbox;
        await served.close();
        await sandbox.close();
        if (coldStarts !== 1) throw new Error(`The process was lost ${coldStarts - 1} times: ${sandbox.log.text}`);
      },
    };
  };
}
