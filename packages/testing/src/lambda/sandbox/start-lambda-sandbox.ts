import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Invoke } from '../invoke.js';
import { invokeInTurn } from './invoke-in-turn.js';
import { locateRuntimeClient } from './locate-runtime-client.js';
import { addonSource, nativeStubFiles, preloadSource } from './native-stub.js';
import { superviseRuntime } from './runtime-supervisor.js';
import { createSandboxLog, type SandboxLog } from './sandbox-log.js';
import type { ProcessExit } from './start-runtime-process.js';

export interface LambdaSandboxOptions {
  /** The absolute path of an unpacked bundle. */
  readonly bundle: string;
  /** `file.export`; by default `index.handler`. */
  readonly handler?: string;
  /** On top of what Lambda sets; nothing else is passed on from this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** The Node binary to run it on, 22 or newer; by default the one of this process. */
  readonly node?: string;
  readonly functionName?: string;
  /** Megabytes, as the function is told; nothing enforces them. */
  readonly memorySize?: number;
  readonly region?: string;
  /** How long the function may take to load, in milliseconds; by default Lambda's 10,000. */
  readonly initTimeoutMs?: number;
  /** A folder from which `aws-lambda-ric` is resolved; by default the working directory. */
  readonly resolveFrom?: string;
}

/** A function in a sandbox of its own: the real runtime client in a child process, driven one invocation at a time. */
export interface LambdaSandbox extends AsyncDisposable {
  /** Invocations that overlap wait for one another. After a crash or a timeout the next one starts a fresh process. */
  readonly invoke: Invoke;
  readonly log: SandboxLog;
  /** How the latest process ends. */
  readonly exit: Promise<ProcessExit>;
  /** Processes started so far. */
  readonly coldStarts: number;
  close(): Promise<void>;
}

/**
 * Loads a bundle under the real `aws-lambda-ric`, which must be installed (its native part need not be built).
 * Rejects with a `LambdaFunctionError` where the function does not load: it carries type, message and log.
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
