import type { ModelProxy } from '../proxy/create-proxy.js';
import { type HttpOptions, openExchange } from './exchange.js';
import type { HttpAnswer } from './http-answer.js';
import type { HttpRequest } from './http-request.js';

/** Answers an invocation that is no HTTP request which the adapter can read, so that it too gets a log line. Never throws. */
export function respondRefusal(
  proxy: ModelProxy,
  invocation: Pick<HttpRequest, 'front' | 'requestId' | 'signal'>,
  error: unknown,
  options: HttpOptions = {},
): HttpAnswer<string> {
  return openExchange(proxy, { method: '', path: '', headers: {}, ...invocation }, options).refuse(error);
}
