import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { LambdaFunctionError } from '../lambda-function-error.js';
import { type FunctionSettings, lambdaEnvironment } from './lambda-environment.js';
import { nativeStubFiles } from './native-stub.js';
import { type RuntimeApi, startRuntimeApi } from './runtime-api.js';
import type { SandboxLogWriter } from './sandbox-log.js';

/** How a process ended: one of the two is `null`. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RuntimeProcessOptions {
  readonly settings: FunctionSettings;
  readonly env: Readonly<Record<string, string>>;
  /** The Node binary. */
  readonly node: string;
  /** The entry file of `aws-lambda-ric`. */
  readonly runtimeClient: string;
  /** The folder that holds the native stub's files. */
  readonly stubFolder: string;
  readonly log: SandboxLogWriter;
}

/** A process with the real runtime client in it, and the Runtime API that drives it. */
export interface RuntimeProcess {
  readonly api: RuntimeApi;
  readonly exit: Promise<ProcessExit>;
  /** Ends the process as Lambda does; what is in flight fails with `error`. */
  kill(error: LambdaFunctionError): void;
}

/** Starts a process; `api.whenIdle()` tells when it has loaded the function, or why not. */
export async function startRuntimeProcess(options: RuntimeProcessOptions): Promise<RuntimeProcess> {
  const { settings, env, node, runtimeClient, stubFolder, log } = options;
  const api = await startRuntimeApi();
  const child = spawn(node, ['--require', join(stubFolder, nativeStubFiles.preload), runtimeClient], {
    cwd: settings.bundle,
    env: { ...lambdaEnvironment(settings, api.address), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8').on('data', (text: string) => log.append(text));
  }
  let killedBy: LambdaFunctionError | undefined;

  const exit = new Promise<ProcessExit>((resolve) => {
    let spawnError: Error | undefined;
    child.once('error', (error) => {
      spawnError = error;
    });
    // Not `exit`: by then the last lines may still be in the pipes.
    child.once('close', (code, signal) => {
      resolve({ code, signal });
      api.fail(killedBy ?? describeExit({ code, signal }, api, log.text, spawnError));
      void api.close();
    });
  });

  return {
    api,
    exit,
    kill(error) {
      killedBy ??= error;
      child.kill('SIGKILL');
    },
  };
}

function describeExit(
  { code, signal }: ProcessExit,
  api: RuntimeApi,
  log: string,
  spawnError?: Error,
): LambdaFunctionError {
  if (spawnError !== undefined)
    return new LambdaFunctionError('Runtime.InvalidEntrypoint', spawnError.message, { log });
  if (api.initError !== undefined) return LambdaFunctionError.fromReport(api.initError, log);
  const end = signal === null ? `exit status ${code}` : `signal: ${signal}`;
  return new LambdaFunctionError('Runtime.ExitError', `Runtime exited with error: ${end}`, { log });
}
