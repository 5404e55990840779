import { createStreamedInvocation } from '../create-streamed-invocation.js';
import type { ReportedError, StreamedInvocation } from '../invoke.js';
import { LambdaFunctionError, reportError } from '../lambda-function-error.js';
import { createResponseStream } from './create-response-stream.js';
import type { HandlerRun } from './run-buffered.js';

/** Runs a streaming handler. If the client disconnects, the response stream is destroyed and emits `close`. */
export async function runStreaming({
  call,
  event,
  context,
  requestId,
  deadlineMs,
  signal,
}: HandlerRun): Promise<StreamedInvocation> {
  const { stream, queue, contentType, end, destroy, begun, closed } = createResponseStream();
  let error: ReportedError | undefined;

  async function callHandler(): Promise<void> {
    try {
      const pending = call(event, stream, context);
      if (!(pending instanceof Promise)) throw new Error('Streaming does not support non-async handlers.');
      if ((await pending) !== undefined) console.warn('Streaming handlers ignore return values.');
    } catch (thrown) {
      console.error('Invoke Error', thrown);
      error = reportError(thrown);
      end();
    }
  }

  function abandon(reason: unknown): void {
    queue.abandon(reason);
    destroy();
  }

  const onAbort = (): void => abandon(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const deadline = setTimeout(() => abandon(LambdaFunctionError.timedOut(requestId, deadlineMs)), deadlineMs);
  deadline.unref();
  void closed.then(() => {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', onAbort);
    queue.fail(
      new LambdaFunctionError('Runtime.ExitError', `RequestId: ${requestId} Error: The response stream was destroyed.`),
    );
  });

  void callHandler();
  // If the stream was destroyed before its head, this call throws the reason.
  if (!(await begun)) await queue.pieces.next();
  return createStreamedInvocation({
    requestId,
    contentType: contentType(),
    pieces: queue.pieces,
    readTrailers: () => (error === undefined ? {} : { error }),
  });
}
