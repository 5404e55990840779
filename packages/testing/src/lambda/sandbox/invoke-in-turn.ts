import { randomUUID } from 'node:crypto';
import type { Invoke, InvokeOptions } from '../invoke.js';
import { LambdaFunctionError } from '../lambda-function-error.js';
import { serializeEvent } from '../payload-limits.js';
import { createInvocationInFlight, type InvocationInFlight } from './create-invocation-in-flight.js';
import type { RuntimeProcess } from './start-runtime-process.js';

interface InvokeInTurnOptions {
  readonly functionArn: string;
  /** Returns the running process or starts one. */
  readonly acquireProcess: () => Promise<RuntimeProcess>;
}

/** Runs one invocation at a time in one process, in the order of the calls. */
export function invokeInTurn({ functionArn, acquireProcess }: InvokeInTurnOptions): Invoke {
  let turn: Promise<void> = Promise.resolve();

  async function run(invocation: InvocationInFlight, eventJson: string, deadlineMs: number): Promise<void> {
    let process: RuntimeProcess;
    try {
      process = await acquireProcess();
      await process.api.whenIdle();
    } catch (error) {
      invocation.fail(error);
      return;
    }
    process.api.dispatch({ invocation, eventJson, deadline: Date.now() + deadlineMs, functionArn });
    const timeout = LambdaFunctionError.timedOut(invocation.requestId, deadlineMs);
    const timer = setTimeout(() => process.kill(timeout), deadlineMs);
    await process.api.whenIdle().catch(() => process.exit);
    clearTimeout(timer);
  }

  return async (event, { deadlineMs = 30_000, requestId = randomUUID(), signal }: InvokeOptions = {}) => {
    signal?.throwIfAborted();
    const eventJson = serializeEvent(event);
    const invocation = createInvocationInFlight(requestId);
    const onAbort = (): void => invocation.abandon(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    turn = turn
      .then(() => (signal?.aborted === true ? undefined : run(invocation, eventJson, deadlineMs)))
      .finally(() => signal?.removeEventListener('abort', onAbort));
    return invocation.head;
  };
}
