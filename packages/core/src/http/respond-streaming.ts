import type { ModelProxy } from '../proxy/create-proxy.js';
import { deliverEvents } from './deliver-events.js';
import { answerWhole, type HttpOptions, openExchange } from './exchange.js';
import type { HttpAnswer } from './http-answer.js';
import type { HttpRequest } from './http-request.js';

const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** Answers one request on a front that can stream: Server-Sent Events where a stream was asked for. Never rejects. */
export async function respondStreaming(
  proxy: ModelProxy,
  request: HttpRequest,
  options: HttpOptions = {},
): Promise<HttpAnswer> {
  const exchange = openExchange(proxy, request, options);
  try {
    const shortcut = exchange.shortcut();
    if (shortcut) return shortcut;
    const opened = await exchange.open();
    if (opened.kind === 'whole') return answerWhole(exchange, opened.answer);
    const { stream, watch } = opened;
    const { headWaitMs, heartbeatMs } = proxy.limits;
    const { account } = exchange;
    try {
      const first = await stream.next(performance.now() + headWaitMs);
      const encoder = exchange.dialect().events();
      const body = deliverEvents({ stream, watch, encoder, account, heartbeatMs, first });
      return exchange.answer(200, eventStreamHeaders, body, watch);
    } catch (error) {
      watch.close();
      throw error;
    }
  } catch (error) {
    return exchange.refuse(error);
  }
}
