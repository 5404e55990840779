import type { RequestListener } from 'node:http';
import type { Invoke } from '../invoke.js';
import { functionUrlFront } from './function-url-front.js';
import { httpApiFront } from './http-api-front.js';
import { restApiFront, restApiStreamFront } from './rest-api-front.js';

/** The functions behind the local endpoints. */
export interface LocalFunctions {
  readonly functionUrl: Invoke;
  /** A buffered handler for `/prod` and `/http`. */
  readonly apiGateway?: Invoke;
  /** A streaming handler for `/stream`. */
  readonly apiGatewayStream?: Invoke;
}

/**
 * Creates a listener with all kinds of endpoints. The first path segment selects one: `prod` is a REST API, `http` an
 * HTTP API, and `stream` a REST API that streams. All other paths, and those without a function, are a Function URL.
 */
export function createLocalFronts({ functionUrl, apiGateway, apiGatewayStream }: LocalFunctions): RequestListener {
  const fronts = new Map<string, RequestListener>();
  if (apiGateway !== undefined) {
    fronts.set('prod', restApiFront(apiGateway, { stage: 'prod' }));
    fronts.set('http', httpApiFront(apiGateway, { stage: 'http' }));
  }
  if (apiGatewayStream !== undefined) fronts.set('stream', restApiStreamFront(apiGatewayStream, { stage: 'stream' }));
  const rest = functionUrlFront(functionUrl);
  return (request, response) => {
    const [, firstSegment = ''] = (request.url ?? '').split(/[/?]/);
    (fronts.get(firstSegment) ?? rest)(request, response);
  };
}
