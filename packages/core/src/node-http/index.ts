export type { ProxyListener, RequestListenerOptions } from './create-request-listener.js';
export { createRequestListener } from './create-request-listener.js';
export { forwardedAddress } from './read-request.js';
