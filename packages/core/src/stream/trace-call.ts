import type { LogCode } from '../errors/error-kinds.js';
import { isProxyError } from '../errors/proxy-error.js';
import type { CallSpan, CallTracer, SpanOutcome, TracedCall } from '../ports/call-tracer.js';
import type { CallInput, CallReport } from './open-stream.js';

/** A call that is traced, and facts that its request does not hold. */
export interface CallToTrace extends Pick<TracedCall, 'modelId' | 'stream'> {
  readonly call: Omit<CallInput, 'modelId'>;
  readonly requestId?: string;
  readonly serverAddress?: string | undefined;
}

/** The span of one call. It begins and ends once; an error of the tracer goes to `onError`, and nobody else sees it. */
export function traceCall(
  tracer: CallTracer,
  { call, modelId, stream, requestId, serverAddress }: CallToTrace,
  onError: (error: unknown) => void,
): CallSpan {
  const guardrailId = call.options?.guardrail?.id;
  const safely = <Result>(work: () => Result): Result | undefined => {
    try {
      return work();
    } catch (error) {
      onError(error);
      return undefined;
    }
  };
  let hasChunk = false;
  let span = safely(() =>
    tracer.startCall({
      modelId,
      stream,
      operation: operationOf(call, modelId),
      ...(requestId !== undefined && { requestId }),
      ...(guardrailId !== undefined && { guardrailId }),
      ...(serverAddress !== undefined && { serverAddress }),
    }),
  );
  return {
    firstChunk() {
      if (hasChunk) return;
      hasChunk = true;
      safely(() => span?.firstChunk());
    },
    end(outcome: SpanOutcome) {
      const ended = span;
      span = undefined;
      safely(() => ended?.end(outcome));
    },
  };
}

/** The code of a failed call. A failure that is no `ProxyError` is the reason of the caller's own signal. */
export function codeOfFailure(error: unknown): LogCode {
  return isProxyError(error) ? error.code : 'client_closed';
}

/** How a call ended, for its span. */
export function outcomeOf(
  { meta, usage, nativeStopReason }: Pick<CallReport, 'meta' | 'usage' | 'nativeStopReason'>,
  code: LogCode | undefined,
): SpanOutcome {
  return {
    ...usage,
    ...(code !== undefined && { code }),
    ...(nativeStopReason !== undefined && { stopReason: nativeStopReason }),
    ...(meta?.upstreamRequestId !== undefined && { upstreamRequestId: meta.upstreamRequestId }),
    attempts: meta?.attempts ?? 1,
  };
}

function operationOf({ operation, body }: CallToTrace['call'], modelId: string): TracedCall['operation'] {
  if (operation === 'converse' || hasMessages(body)) return 'chat';
  return modelId.includes('embed') ? 'embeddings' : 'text_completion';
}

const messagesKey = Buffer.from('"messages"');
const whiteSpace: readonly unknown[] = [0x20, 0x09, 0x0a, 0x0d];
const colon = 0x3a;

/** Whether an object in the JSON has messages. Bodies may be megabytes, so they are not parsed for it. */
function hasMessages(body: Uint8Array): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  for (let at = bytes.indexOf(messagesKey); at !== -1; at = bytes.indexOf(messagesKey, at)) {
    at += messagesKey.length;
    while (whiteSpace.includes(bytes[at])) at += 1;
    if (bytes[at] === colon) return true;
  }
  return false;
}
