import { createStreamedInvocation } from '../create-streamed-invocation.js';
import type { ReportedError, StreamedInvocation } from '../invoke.js';
import { LambdaFunctionError } from '../lambda-function-error.js';
import { reportError } from './report-error.js';
import { createResponseStream } from './response-stream.js';
import type { HandlerRun } from './run-buffered.js';

/** Runs a handler that writes to a response stream. When the client leaves, that stream is destroyed and emits `close`. */
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

  function breakOff(reason: unknown): void {
    queue.abandon(reason);
    destroy();
  }

  const leave = (): void => breakOff(signal?.reason);
  signal?.addEventListener('abort', leave, { once: true });
  const deadline = setTimeout(() => breakOff(LambdaFunctionError.timedOut(requestId, deadlineMs)), deadlineMs);
  deadline.unref();
  void closed.then(() => {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', leave);
    queue.fail(
      new LambdaFunctionError('Runtime.ExitError', `RequestId: ${requestId} Error: The response stream was destroyed.`),
    );
  });

  void callHandler();
  // A stream that broke off before its head has nothing to give but the reason.
  if (!(await begun)) await queue.pieces.next();
  return createStreamedInvocation({
    requestId,
    contentType: contentType(),
    pieces: queue.pieces,
    readTrailers: () => (error === undefined ? {} : { error }),
  });
}
