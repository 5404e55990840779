import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyEventV2WithJWTAuthorizer,
  APIGatewayProxyHandler,
  APIGatewayProxyHandlerV2,
  APIGatewayProxyResult,
  APIGatewayProxyStructuredResultV2,
  APIGatewayProxyWithCognitoAuthorizerEvent,
  Handler,
  StreamifyHandler,
} from 'aws-lambda';
import type { HttpApiEvent, RestApiEvent } from './api-gateway-event.js';
import type { BufferedHandler } from './create-api-gateway-handler.js';
import type { createApiGatewayStreamHandler } from './create-api-gateway-stream-handler.js';
import type { ProxyResult } from './write-proxy-result.js';

/** Compiles where `Given` may be passed for `Wanted`. */
type Assignable<Given extends Wanted, Wanted> = [Given, Wanted];

export type Proofs = [
  Assignable<APIGatewayProxyEvent, RestApiEvent>,
  Assignable<APIGatewayProxyWithCognitoAuthorizerEvent, RestApiEvent>,
  Assignable<APIGatewayProxyEventV2, HttpApiEvent>,
  Assignable<APIGatewayProxyEventV2WithJWTAuthorizer, HttpApiEvent>,
  Assignable<ProxyResult, APIGatewayProxyResult>,
  Assignable<ProxyResult, APIGatewayProxyStructuredResultV2>,
  Assignable<BufferedHandler, APIGatewayProxyHandler>,
  Assignable<BufferedHandler, APIGatewayProxyHandlerV2>,
  Assignable<BufferedHandler, Handler<APIGatewayProxyEvent, APIGatewayProxyResult>>,
  Assignable<ReturnType<typeof createApiGatewayStreamHandler>, StreamifyHandler<APIGatewayProxyEvent, void>>,
];

// @ts-expect-error A type that takes anything proves nothing: these events are no REST API's.
export type Refuted = Assignable<APIGatewayProxyEventV2, RestApiEvent>;
