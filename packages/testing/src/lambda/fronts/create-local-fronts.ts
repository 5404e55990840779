import type { RequestListener } from 'node:http';
import type { Invoke } from '../invoke.js';
import { functionUrlFront } from './function-url-front.js';
import { httpApiFront } from './http-api-front.js';
import { restApiFront, restApiStreamFront } from './rest-api-front.js';

/** The functions behind the local fronts. */
export interface LocalFunctions {
  readonly functionUrl: Invoke;
  /** Buffered: behind `/prod` and `/http`. */
  readonly apiGateway?: Invoke;
  /** Streaming: behind `/stream`. */
  readonly apiGatewayStream?: Invoke;
}

/**
 * Every front on one address, by the first segment of the path: `prod` is a REST API, `http` an HTTP API, `stream` a
 * REST API that streams, and all else a Function URL, which also takes what has no function of its own.
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
