import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { Invoke, InvokeOptions } from '../invoke.js';
import { serializeEvent } from '../payload-limits.js';
import { createLambdaContext, type FunctionIdentity } from './create-lambda-context.js';
import { isStreamingHandler, type LambdaHandler, lambdaGlobal } from './lambda-global.js';
import { runBuffered } from './run-buffered.js';
import { runStreaming } from './run-streaming.js';

export interface InProcessRuntimeOptions extends Partial<FunctionIdentity> {
  /** The default timeout of an invocation in milliseconds. By default 900,000, the maximum of Lambda. */
  readonly deadlineMs?: number;
}

/** Runs Lambda handlers in this process, with any number of concurrent invocations. */
export interface InProcessRuntime {
  /** Imports a module and returns an `Invoke` for its exported handler. `file` is a path or a `file:` URL. */
  load(file: string | URL, exportName?: string): Promise<Invoke>;
  /** Returns an `Invoke` for a handler. A handler streams if it was passed to `awslambda.streamifyResponse`. */
  run(handler: LambdaHandler): Invoke;
}

/**
 * Creates a runtime. Sets the global `awslambda` of this process, because modules of streaming handlers use it during
 * import.
 */
export function createInProcessRuntime(options: InProcessRuntimeOptions = {}): InProcessRuntime {
  Object.assign(globalThis, { awslambda: lambdaGlobal });
  const {
    deadlineMs: defaultDeadlineMs = 900_000,
    functionName = 'local',
    memorySize = 512,
    region = 'us-east-1',
  } = options;

  function run(handler: LambdaHandler): Invoke {
    const runHandler = isStreamingHandler(handler) ? runStreaming : runBuffered;
    return async (
      event: unknown,
      { deadlineMs = defaultDeadlineMs, requestId = randomUUID(), signal }: InvokeOptions = {},
    ) => {
      signal?.throwIfAborted();
      const context = createLambdaContext({ functionName, memorySize, region }, requestId, deadlineMs);
      const ownEvent: unknown = JSON.parse(serializeEvent(event));
      // The type of the event cannot be checked here. The caller must pass an event that fits the handler.
      const call = handler as (...parameters: unknown[]) => unknown;
      return runHandler({
        call,
        event: ownEvent,
        context,
        requestId,
        deadlineMs,
        ...(signal === undefined ? {} : { signal }),
      });
    };
  }

  return {
    run,
    async load(file, exportName = 'handler') {
      const module: unknown = await import(typeof file === 'string' ? pathToFileURL(file).href : file.href);
      const handler: unknown = Reflect.get(module as object, exportName);
      if (typeof handler !== 'function') throw new Error(`${String(file)} exports no function named ${exportName}.`);
      return run(handler as LambdaHandler);
    },
  };
}
