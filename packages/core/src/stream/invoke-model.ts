import { isProxyError } from '../errors/proxy-error.js';
import { type AnswerReport, readAnswerReport } from '../models/read-answer-report.js';
import type { ModelAnswer, ModelInvoker } from '../ports/model-invoker.js';
import { watchCall } from './call-watch.js';
import { invokeWatched } from './invoke-watched.js';
import { callOf, deadlineOf, type ModelInput, readableFailure, type StreamOptions, spanOf } from './stream-model.js';
import { codeOfFailure, outcomeOf } from './trace-call.js';

export type InvokeOptions = Pick<StreamOptions, 'signal' | 'deadlineMs' | 'tracer'>;

/** A whole answer: the model's own body, untouched, with its counts and its stop reason as far as it reports them. */
export interface InvokedAnswer extends ModelAnswer, AnswerReport {
  /** The body as JSON. Throws a `SyntaxError` if it is not JSON. */
  json(): unknown;
}

/** Asks a model for its whole answer. Rejects with a `ProxyError` on any failure. */
export async function invokeModel(
  invoker: ModelInvoker,
  input: ModelInput,
  options: InvokeOptions = {},
): Promise<InvokedAnswer> {
  const deadline = deadlineOf(options);
  const limits = { firstEventTimeoutMs: Infinity, idleTimeoutMs: Infinity, ...deadline };
  const watch = watchCall(limits, options.signal);
  const call = { ...callOf(input), ...deadline };
  const span = spanOf(invoker, call, false, options.tracer);
  try {
    const [answer] = await invokeWatched(invoker, [call], watch);
    if (!answer) throw new TypeError('A call has one answer.');
    const invoked = { ...answer, ...readAnswerReport(answer) };
    span?.end(outcomeOf(invoked, undefined));
    return { ...invoked, json: () => JSON.parse(new TextDecoder().decode(answer.body)) };
  } catch (error) {
    const meta = isProxyError(error) ? error.meta : undefined;
    span?.end(outcomeOf({ meta, usage: meta?.reportedTokens ?? {} }, codeOfFailure(error)));
    throw readableFailure(error);
  } finally {
    watch.close();
  }
}
