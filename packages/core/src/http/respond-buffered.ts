import { ProxyError } from '../errors/proxy-error.js';
import type { ModelProxy, ProxyAnswer } from '../proxy/create-proxy.js';
import { deliverArray } from './deliver-array.js';
import { retryAfter } from './error-headers.js';
import { answerWhole, type Exchange, type HttpOptions, openExchange } from './exchange.js';
import type { HttpAnswer } from './http-answer.js';
import type { HttpRequest } from './http-request.js';
import { statusOf } from './status-of.js';

export interface BufferedOptions extends HttpOptions {
  /** Whether the front can send a whole answer of a model. */
  fits(answer: BufferedAnswer): boolean;
  /** The bytes that the front can send of an array, which grows piece by piece, as `size` counts them. */
  readonly maxArrayBytes: number;
  /** The bytes that a piece of an array takes in what the front sends. */
  size(piece: string): number;
}

/** An answer that is there in full. */
export type BufferedAnswer = HttpAnswer<string | Uint8Array>;

const arrayHeaders = { 'content-type': 'application/json', 'cache-control': 'no-store' };

/** Answers one request on a front that cannot stream: one JSON array where a stream was asked for. Never rejects. */
export async function respondBuffered(
  proxy: ModelProxy,
  request: HttpRequest,
  options: BufferedOptions,
): Promise<BufferedAnswer> {
  const exchange = openExchange(proxy, request, options);
  try {
    const shortcut = exchange.shortcut();
    if (shortcut) return shortcut;
    const opened = await exchange.open();
    if (opened.kind === 'stream') return await answerArray(exchange, opened, options);
    const answer = answerWhole(exchange, opened.answer);
    if (!options.fits(answer)) throw new ProxyError('response_too_large');
    return answer;
  } catch (error) {
    return exchange.refuse(error);
  }
}

async function answerArray(
  { account, dialect, answer }: Exchange,
  { stream, watch }: Extract<ProxyAnswer, { kind: 'stream' }>,
  { maxArrayBytes, size }: BufferedOptions,
): Promise<BufferedAnswer> {
  try {
    const first = await stream.next();
    const encoder = dialect().array();
    const { body, failure } = await deliverArray({ stream, encoder, account, first, maxBytes: maxArrayBytes, size });
    if (failure === undefined) return answer(200, arrayHeaders, body);
    return answer(statusOf(failure.code), { ...arrayHeaders, ...retryAfter(failure) }, body);
  } finally {
    watch.close();
  }
}
