import { randomUUID } from 'node:crypto';
import type { Invoke, InvokeOptions } from '../invoke.js';
import { LambdaFunctionError } from '../lambda-function-error.js';
import { serializeEvent } from '../payload-limits.js';
import { createInvocationInFlight, type InvocationInFlight } from './invocation-in-flight.js';
import type { RuntimeProcess } from './start-runtime-process.js';

interface InvokeInTurnOptions {
  readonly functionArn: string;
  /** The living process, or a fresh one. */
  readonly acquireProcess: () => Promise<RuntimeProcess>;
}

/** Drives one process at a time with one invocation at a time, in the order of their calls. */
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
    const leave = (): void => invocation.abandon(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    turn = turn
      .then(() => (signal?.aborted === true ? undefined : run(invocation, eventJson, deadlineMs)))
      .finally(() => signal?.removeEventListener('abort', leave));
    return invocation.head;
  };
}
