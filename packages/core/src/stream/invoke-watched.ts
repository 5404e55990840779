import { toProxyError } from '../errors/proxy-error.js';
import type { ModelAnswer, ModelInvoker } from '../ports/model-invoker.js';
import type { CallWatch } from './call-watch.js';
import type { CallInput } from './open-stream.js';

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
