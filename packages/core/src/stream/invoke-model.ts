import { isProxyError, toProxyError } from '../errors/proxy-error.js';
import { type AnswerReport, readAnswerReport } from '../models/read-answer-report.js';
import type { ModelAnswer, ModelCall, ModelInvoker } from '../ports/model-invoker.js';
import { type CallWatch, ReaderGone, watchCall } from './call-watch.js';
import { encodePayload } from './encode-payload.js';
import type { ModelInput, StreamOptions } from './stream-model.js';

export type InvokeOptions = Pick<StreamOptions, 'signal' | 'deadlineMs'>;

/** A whole answer: the model's own body, untouched, and what that says of its cost and its end. */
export interface InvokedAnswer extends ModelAnswer, AnswerReport {
  /** The body as JSON. Throws a `SyntaxError` where it is none. */
  json(): unknown;
}

/** Asks a model for its whole answer. Rejects with a `ProxyError` on any failure. */
export async function invokeModel(
  invoker: ModelInvoker,
  { modelId, payload, options: invokeOptions }: ModelInput,
  options: InvokeOptions = {},
): Promise<InvokedAnswer> {
  const call = { modelId, body: encodePayload(payload), ...(invokeOptions && { options: invokeOptions }) };
  const { signal, ...limits } = options;
  const watch = watchCall({ firstEventTimeoutMs: Infinity, idleTimeoutMs: Infinity, ...limits }, signal);
  try {
    const answer = await invokeWatched(invoker, call, watch);
    return { ...answer, ...readAnswerReport(answer), json: () => JSON.parse(new TextDecoder().decode(answer.body)) };
  } finally {
    watch.close();
  }
}

/** Invokes under `watch`, which the caller closes. Throws a `ProxyError`, a `ReaderGone`, or the reason of the caller's own signal. */
export async function invokeWatched(
  invoker: ModelInvoker,
  call: Omit<ModelCall, 'signal' | 'operation'>,
  watch: CallWatch,
): Promise<ModelAnswer> {
  try {
    const answer = await watch.wait(invoker.invoke({ operation: 'invoke-model', ...call, signal: watch.signal }));
    watch.enter('over');
    return answer;
  } catch (error) {
    if (error instanceof ReaderGone || isProxyError(error) || error === watch.signal.reason) throw error;
    throw toProxyError(error);
  }
}
