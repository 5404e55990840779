import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Invoke } from '../invoke.js';
import { createSandboxLog, type SandboxLog } from './create-sandbox-log.js';
import { invokeInTurn } from './invoke-in-turn.js';
import { locateRuntimeClient } from './locate-runtime-client.js';
import { addonSource, nativeStubFiles, preloadSource } from './native-stub-files.js';
import type { ProcessExit } from './start-runtime-process.js';
import { superviseRuntime } from './supervise-runtime.js';

export interface LambdaSandboxOptions {
  /** The absolute path of an unpacked bundle. */
  readonly bundle: string;
  /** In the form `file.export`. By default `index.handler`. */
  readonly handler?: string;
  /** Variables in addition to those of Lambda. The function does not get the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** The path of a Node binary, version 22 or newer. By default, the one of this process. */
  readonly node?: string;
  readonly functionName?: string;
  /** Megabytes. The function gets this value, but it is not enforced. */
  readonly memorySize?: number;
  readonly region?: string;
  /** The timeout for loading the function in milliseconds. By default 10,000, as in Lambda. */
  readonly initTimeoutMs?: number;
  /** The folder to resolve `aws-lambda-ric` from. By default, the working directory. */
  readonly resolveFrom?: string;
}

/** A function in a child process with the real runtime client. It runs one invocation at a time. */
export interface LambdaSandbox extends AsyncDisposable {
  /** Runs invocations one after another. After a crash or a timeout, the next invocation starts a new process. */
  readonly invoke: Invoke;
  readonly log: SandboxLog;
  /** Resolves when the latest process ends. */
  readonly exit: Promise<ProcessExit>;
  /** The number of processes that were started. */
  readonly coldStarts: number;
  close(): Promise<void>;
}

/**
 * Loads a bundle in the real runtime client `aws-lambda-ric`. This package must be installed, but its native part need
 * not be built. Rejects with a `LambdaFunctionError` (type, message and log) if the function cannot be loaded.
 */
export async function startLambdaSandbox(options: LambdaSandboxOptions): Promise<LambdaSandbox> {
  const {
    bundle,
    handler = 'index.handler',
    functionName = 'function',
    memorySize = 512,
    region = 'us-east-1',
  } = options;
  const { env = {}, node = process.execPath, initTimeoutMs = 10_000, resolveFrom = process.cwd() } = options;
  const runtimeClient = locateRuntimeClient([resolveFrom, bundle, import.meta.dirname]);
  const functionArn = `arn:aws:lambda:${region}:123456789012:function:${functionName}`;
  const settings = { bundle, handler, functionName, memorySize, region, timezone: ':UTC' };
  const log = createSandboxLog();
  const stubFolder = await mkdtemp(join(tmpdir(), 'lambda-sandbox-'));
  await writeFile(join(stubFolder, nativeStubFiles.preload), preloadSource);
  await writeFile(join(stubFolder, nativeStubFiles.addon), addonSource);

  const supervisor = superviseRuntime({ settings, env, node, runtimeClient, stubFolder, log, initTimeoutMs });
  async function close(): Promise<void> {
    await supervisor.close();
    log.close();
    await rm(stubFolder, { recursive: true, force: true });
  }
  try {
    await supervisor.acquire();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    invoke: invokeInTurn({ functionArn, acquireProcess: supervisor.acquire }),
    log,
    get exit() {
      return supervisor.exit;
    },
    get coldStarts() {
      return supervisor.coldStarts;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
