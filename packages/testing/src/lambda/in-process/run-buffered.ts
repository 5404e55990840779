import { createDeferred } from '../create-deferred.js';
import type { BufferedInvocation } from '../invoke.js';
import { LambdaFunctionError, reportError } from '../lambda-function-error.js';
import { parseBufferedResult } from '../payload-limits.js';
import type { LambdaContext } from './create-lambda-context.js';

/** One invocation of a handler in this process. */
export interface HandlerRun {
  readonly call: (...parameters: unknown[]) => unknown;
  readonly event: unknown;
  readonly context: LambdaContext;
  readonly requestId: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/** The context property with the client's signal. Handlers of this repository read it. Lambda does not set it. */
const clientSignal = Symbol.for('bedrock-proxy.client-signal');

/**
 * Runs a buffered handler. If the client disconnects, the signal on the context is aborted and the result is discarded.
 */
export async function runBuffered({
  call,
  event,
  context,
  requestId,
  deadlineMs,
  signal,
}: HandlerRun): Promise<BufferedInvocation> {
  const cancelled = createDeferred<never>();
  const onAbort = (): void => cancelled.reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const deadline = setTimeout(() => cancelled.reject(LambdaFunctionError.timedOut(requestId, deadlineMs)), deadlineMs);
  deadline.unref();
  // Not enumerable, so that the visible members of the context are those of Lambda.
  Object.defineProperty(context, clientSignal, { value: signal });
  try {
    const payload = await Promise.race([callHandler(call, event, context), cancelled.promise]);
    return { mode: 'buffered', requestId, payload };
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', onAbort);
  }
}

async function callHandler(call: HandlerRun['call'], event: unknown, context: LambdaContext): Promise<unknown> {
  let result: unknown;
  try {
    result = await call(event, context);
  } catch (thrown) {
    console.error('Invoke Error', thrown);
    throw LambdaFunctionError.fromReport(reportError(thrown));
  }
  return parseBufferedResult(JSON.stringify(result ?? null));
}
