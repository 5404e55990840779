import type { LogCode } from '../errors/error-kinds.js';
import { isProxyError, ProxyError } from '../errors/proxy-error.js';
import type { ModelEvent } from '../models/model-event.js';
import type { CallSpan, CallTracer } from '../ports/call-tracer.js';
import type { InvokeModelOptions, ModelInvoker, ModelOperation, ModelTarget } from '../ports/model-invoker.js';
import { type CallLimits, defaultCallLimits, watchCall } from './call-watch.js';
import { type CollectedAnswer, createCollector } from './create-collector.js';
import { type CallInput, openStream } from './open-stream.js';
import { codeOfFailure, outcomeOf, traceCall } from './trace-call.js';

export interface StreamOptions {
  /** Gives the call up, down to the socket; iteration then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** From the send, retries included, to the first event. 120,000 ms by default. */
  readonly firstEventTimeoutMs?: number;
  /** Between events. 60,000 ms by default; the time that the loop's body takes does not count. */
  readonly idleTimeoutMs?: number;
  /** From now to the end of the answer. No limit by default. */
  readonly deadlineMs?: number;
  /** Traces the call; `openTelemetryTracer()` is one. Its errors are dropped. */
  readonly tracer?: CallTracer;
}

/** The events of one answer; the model is called when iteration begins, once. */
export interface ModelEventStream extends AsyncIterable<ModelEvent> {
  /** Reads to the end. Rejects with a `ProxyError` where iteration would throw it. */
  collect(): Promise<CollectedAnswer>;
}

/**
 * Streams a model's answer as neutral events. Iteration throws a `ProxyError` on any failure, a cut included: a loop that ends
 * has seen the whole answer. Leaving the loop aborts the model call.
 */
export function streamModel(invoker: ModelInvoker, input: ModelInput, options: StreamOptions = {}): ModelEventStream {
  const events = iterate(invoker, input, options);
  return {
    [Symbol.asyncIterator]: () => events,
    async collect() {
      const collector = createCollector();
      for await (const event of events) collector.add(event);
      return collector.answer();
    },
  };
}

async function* iterate(
  invoker: ModelInvoker,
  input: ModelInput,
  options: StreamOptions,
): AsyncGenerator<ModelEvent, void, undefined> {
  const deadline = deadlineOf(options);
  const limits = {
    firstEventTimeoutMs: options.firstEventTimeoutMs ?? defaultCallLimits.firstEventTimeoutMs,
    idleTimeoutMs: options.idleTimeoutMs ?? defaultCallLimits.idleTimeoutMs,
    ...deadline,
  };
  const watch = watchCall(limits, options.signal);
  const call = { ...callOf(input), ...deadline };
  const span = spanOf(invoker, call, true, options.tracer);
  const stream = openStream(invoker, call, watch);
  let code: LogCode | undefined = 'client_closed';
  try {
    for (let batch = await stream.next(); batch !== undefined; batch = await stream.next()) {
      if (batch === 'awake') continue;
      if (batch.chunks.length > 0) span?.firstChunk();
      yield* batch.events;
    }
    code = undefined;
  } catch (error) {
    code = codeOfFailure(error);
    throw readableFailure(error);
  } finally {
    watch.close();
    span?.end(outcomeOf(stream, code));
  }
}

/** The span of a call that a program makes; undefined if it traces none. A program that traces has no log for errors of its tracer. */
export function spanOf(
  { serverAddress }: ModelInvoker,
  call: CallInput,
  stream: boolean,
  tracer: CallTracer | undefined,
): CallSpan | undefined {
  if (!tracer || call.operation === 'count-tokens') return undefined;
  return traceCall(tracer, { call, modelId: call.modelId, stream, serverAddress }, () => undefined);
}

/**
 * The failure as a program reads it. Over HTTP, the message of an internal error hides its cause, which is in the log. Here the reader is
 * the one who wrote the invoker, so the message has the cause.
 */
export function readableFailure(error: unknown): unknown {
  if (!isProxyError(error) || error.code !== 'internal' || !(error.cause instanceof Error)) return error;
  const { cause, meta } = error;
  return new ProxyError('internal', {
    message: `The call failed unexpectedly: ${cause.message}`,
    cause,
    ...(meta && { meta }),
  });
}

/** The instant of a deadline that is given from now. */
export function deadlineOf({ deadlineMs }: Pick<StreamOptions, 'deadlineMs'>): Pick<CallLimits, 'deadlineAt'> {
  return deadlineMs === undefined ? {} : { deadlineAt: performance.now() + deadlineMs };
}

/** A question for a model. */
export interface ModelInput {
  readonly modelId: string;
  /** The JSON of the operation, as an object or as bytes: the model's own payload for `invoke-model`. */
  readonly payload: object | Uint8Array;
  /** `invoke-model` by default. `count-tokens` cannot be streamed. */
  readonly operation?: ModelOperation;
  readonly options?: InvokeModelOptions;
  /** Where the call may go, in order, such as the targets of `resolveAlias`: for an invoker of `routingInvoker`. */
  readonly targets?: readonly ModelTarget[];
  /** Milliseconds that each of the targets but the last has, to the first content of a stream or to a whole answer. */
  readonly firstEventTimeoutMs?: number;
}

/** The call for an input. Bytes stay as they are; an object becomes JSON. */
export function callOf({
  modelId,
  payload,
  operation = 'invoke-model',
  options,
  targets,
  firstEventTimeoutMs,
}: ModelInput): CallInput {
  const body = payload instanceof Uint8Array ? payload : new TextEncoder().encode(JSON.stringify(payload));
  return {
    ...{ operation, modelId, body },
    ...(options && { options }),
    // A target without options of its own gets those of the call.
    ...(targets && {
      targets: targets.map((target) => (options ? { ...target, options: { ...options, ...target.options } } : target)),
    }),
    ...(firstEventTimeoutMs !== undefined && { firstEventTimeoutMs }),
  };
}
