import { isProxyError, toProxyError } from '../errors/proxy-error.js';
import { type AnswerReport, readAnswerReport } from '../models/read-answer-report.js';
import type { ModelAnswer, ModelInvoker } from '../ports/model-invoker.js';
import { type CallWatch, watchCall } from './call-watch.js';
import type { CallInput } from './open-stream.js';
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

const mostAtOnce = 8;

/**
 * Invokes calls under `watch`, at most 8 at once, and returns their answers in order. `onAnswer` sees each as it comes. Throws the first failure: a `ProxyError`, a
 * `ReaderGone`, or the reason of the caller's own signal. The caller then closes the watch, which gives the other calls up.
 */
export async function invokeWatched(
  invoker: ModelInvoker,
  calls: readonly CallInput[],
  watch: CallWatch,
  timeoutMs?: number,
  onAnswer?: (answer: ModelAnswer) => void,
): Promise<readonly ModelAnswer[]> {
  const invoke = async (call: CallInput) => {
    const answer = await invoker.invoke({ ...call, signal: watch.signal });
    onAnswer?.(answer);
    return answer;
  };
  try {
    watch.enter('whole-answer', timeoutMs);
    const answers = await watch.wait(inParallel(calls, invoke));
    watch.enter('over');
    return answers;
  } catch (error) {
    throw watch.signal.aborted && error === watch.signal.reason ? error : toProxyError(error);
  }
}

async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  let hasFailed = false;
  async function worker(): Promise<void> {
    for (let index = next++; index < items.length && !hasFailed; index = next++) {
      try {
        results[index] = await work(items[index] as Item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, items.length) }, worker));
  return results;
}
