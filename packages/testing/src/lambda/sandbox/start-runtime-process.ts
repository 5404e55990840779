import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { LambdaFunctionError } from '../lambda-function-error.js';
import type { SandboxLogWriter } from './create-sandbox-log.js';
import { type FunctionSettings, lambdaEnvironment } from './lambda-environment.js';
import { nativeStubFiles } from './native-stub-files.js';
import { type RuntimeApi, startRuntimeApi } from './start-runtime-api.js';

/** The exit code or the signal that ended a process. The other one is `null`. */
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

/** A process with the real runtime client, and its Runtime API. */
export interface RuntimeProcess {
  readonly api: RuntimeApi;
  readonly exit: Promise<ProcessExit>;
  /** Kills the process. The running invocation fails with `error`. */
  kill(error: LambdaFunctionError): void;
}

/** Starts a process. `api.whenIdle()` resolves when the function is loaded and rejects if it cannot be loaded. */
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
    // Not `exit`, because the pipes can still contain output at that time.
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
