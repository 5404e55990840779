import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { Invoke, InvokeOptions } from '../invoke.js';
import { serializeEvent } from '../payload-limits.js';
import { createLambdaContext, type FunctionIdentity } from './lambda-context.js';
import { isStreamingHandler, type LambdaHandler, lambdaGlobal } from './lambda-global.js';
import { runBuffered } from './run-buffered.js';
import { runStreaming } from './run-streaming.js';

export interface InProcessRuntimeOptions extends Partial<FunctionIdentity> {
  /** Milliseconds that an invocation gets where it is not told otherwise; by default Lambda's longest, 900,000. */
  readonly deadlineMs?: number;
}

/** Lambda's Node runtime without Lambda: many invocations at once, in this very process. */
export interface InProcessRuntime {
  /** Imports a module as Lambda does and gives its export as an `Invoke`. `file` is a path or a `file:` URL. */
  load(file: string | URL, exportName?: string): Promise<Invoke>;
  /** Gives a handler as an `Invoke`; whether it streams is read from the tag that `awslambda.streamifyResponse` leaves. */
  run(handler: LambdaHandler): Invoke;
}

/** Sets the `awslambda` global of this process, which a streaming handler's module needs while it is imported. */
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
      // A handler declares the event it expects; that this one is of that kind is the caller's word.
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
