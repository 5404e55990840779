import type { RequestListener } from 'node:http';
import type { Invoke } from '../invoke.js';
import type { FrontOptions } from './front-request.js';
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
export function createLocalFronts(
  { functionUrl, apiGateway, apiGatewayStream }: LocalFunctions,
  options: FrontOptions = {},
): RequestListener {
  const fronts = new Map<string, RequestListener>();
  if (apiGateway !== undefined) {
    fronts.set('prod', restApiFront(apiGateway, { ...options, stage: 'prod' }));
    fronts.set('http', httpApiFront(apiGateway, { ...options, stage: 'http' }));
  }
  if (apiGatewayStream !== undefined)
    fronts.set('stream', restApiStreamFront(apiGatewayStream, { ...options, stage: 'stream' }));
  const rest = functionUrlFront(functionUrl, options);
  return (request, response) => {
    const [, firstSegment = ''] = (request.url ?? '').split(/[/?]/);
    (fronts.get(firstSegment) ?? rest)(request, response);
  };
}
