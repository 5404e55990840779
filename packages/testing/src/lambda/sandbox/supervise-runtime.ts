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

/** Manages the process of a function. Like Lambda, it reuses the process and starts a new one after a crash. */
export interface RuntimeSupervisor {
  /**
   * Returns the running process or starts one. Rejects with a `LambdaFunctionError` if the function cannot be loaded.
   */
  acquire(): Promise<RuntimeProcess>;
  /** The number of processes that were started. */
  readonly coldStarts: number;
  /** Resolves when the latest process ends. */
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
