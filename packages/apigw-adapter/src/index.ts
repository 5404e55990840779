export type { ApiGatewayHandlerOptions, BufferedHandler } from './create-api-gateway-handler.js';
export { createApiGatewayHandler } from './create-api-gateway-handler.js';
export { createApiGatewayStreamHandler } from './create-api-gateway-stream-handler.js';
export type { ProxyResult } from './write-proxy-result.js';
