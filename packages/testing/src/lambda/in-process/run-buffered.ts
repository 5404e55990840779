import { createDeferred } from '../deferred.js';
import type { BufferedInvocation } from '../invoke.js';
import { LambdaFunctionError } from '../lambda-function-error.js';
import { parseBufferedResult } from '../payload-limits.js';
import type { LambdaContext } from './lambda-context.js';
import { reportError } from './report-error.js';

/** One run of a handler in this process. */
export interface HandlerRun {
  readonly call: (...parameters: unknown[]) => unknown;
  readonly event: unknown;
  readonly context: LambdaContext;
  readonly requestId: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/** Where a handler of this repository looks for its client's leave. Lambda itself sets nothing of the kind. */
const clientSignal = Symbol.for('bedrock-proxy.client-signal');

/** Runs a handler that returns its result. When the client leaves, the result is dropped, and a signal on the context aborts. */
export async function runBuffered({
  call,
  event,
  context,
  requestId,
  deadlineMs,
  signal,
}: HandlerRun): Promise<BufferedInvocation> {
  const givenUp = createDeferred<never>();
  const leave = (): void => givenUp.reject(signal?.reason);
  signal?.addEventListener('abort', leave, { once: true });
  const deadline = setTimeout(() => givenUp.reject(LambdaFunctionError.timedOut(requestId, deadlineMs)), deadlineMs);
  deadline.unref();
  // Not enumerable: the members of the context stay those of Lambda.
  Object.defineProperty(context, clientSignal, { value: signal });
  try {
    const payload = await Promise.race([callHandler(call, event, context), givenUp.promise]);
    return { mode: 'buffered', requestId, payload };
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', leave);
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
