import { LambdaFunctionError } from '../lambda-function-error.js';
import {
  type ProcessExit,
  type RuntimeProcess,
  type RuntimeProcessOptions,
  startRuntimeProcess,
} from './start-runtime-process.js';

export interface RuntimeSupervisorOptions extends RuntimeProcessOptions {
  readonly initTimeoutMs: number;
}

/** Keeps one process alive, as Lambda does: whoever needs it gets the living one, or a fresh one after a crash. */
export interface RuntimeSupervisor {
  /** Rejects with a `LambdaFunctionError` where a fresh process does not load the function. */
  acquire(): Promise<RuntimeProcess>;
  readonly coldStarts: number;
  /** How the latest process ends. */
  readonly exit: Promise<ProcessExit>;
  close(): Promise<void>;
}

export function superviseRuntime({ initTimeoutMs, ...options }: RuntimeSupervisorOptions): RuntimeSupervisor {
  let coldStarts = 0;
  let isClosed = false;
  let live: RuntimeProcess | undefined;
  let exit: Promise<ProcessExit> = Promise.resolve({ code: null, signal: null });

  async function start(): Promise<RuntimeProcess> {
    if (isClosed) throw closedError();
    const started = await startRuntimeProcess(options);
    coldStarts += 1;
    live = started;
    exit = started.exit;
    void exit.then(() => {
      if (live === started) live = undefined;
    });
    const seconds = (initTimeoutMs / 1000).toFixed(2);
    const timeout = new LambdaFunctionError('Sandbox.Timedout', `The init phase took longer than ${seconds} seconds.`);
    const timer = setTimeout(() => started.kill(timeout), initTimeoutMs);
    await started.api.whenIdle().finally(() => clearTimeout(timer));
    return started;
  }

  return {
    acquire: async () => live ?? start(),
    get coldStarts() {
      return coldStarts;
    },
    get exit() {
      return exit;
    },
    async close() {
      isClosed = true;
      live?.kill(closedError());
      await exit;
    },
  };
}

function closedError(): LambdaFunctionError {
  return new LambdaFunctionError('Sandbox.Closed', 'The sandbox was closed.');
}
