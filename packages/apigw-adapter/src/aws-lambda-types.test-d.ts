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
import type { BufferedHandler } from './create-api-gateway-handler.js';
import type { createApiGatewayStreamHandler } from './create-api-gateway-stream-handler.js';
import type { HttpApiEvent } from './http-api-event.js';
import type { RestApiEvent } from './rest-api-event.js';
import type { ProxyResult } from './write-proxy-result.js';

/** Compiles only if `Given` is assignable to `Wanted`. */
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

// @ts-expect-error These events are not from a REST API. Without this check, a type that accepts anything would pass.
export type Refuted = Assignable<APIGatewayProxyEventV2, RestApiEvent>;
