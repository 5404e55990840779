export { createInProcessRuntime } from './in-process/create-in-process-runtime.js';
export type { InProcessRuntime, InProcessRuntimeOptions } from './in-process/create-in-process-runtime.js';
export type { FunctionIdentity, LambdaContext } from './in-process/lambda-context.js';
export type { LambdaHandler } from './in-process/lambda-global.js';
export type { LambdaResponseStream } from './in-process/response-stream.js';
export type {
  BufferedInvocation,
  InvocationResult,
  Invoke,
  InvokeOptions,
  ReportedError,
  ResponsePiece,
  ResponsePrelude,
  ResponseTrailers,
  StreamedInvocation,
} from './invoke.js';
export { LambdaFunctionError } from './lambda-function-error.js';
export { readStreamedText } from './read-streamed-text.js';
export type { SandboxLog } from './sandbox/sandbox-log.js';
export { startLambdaSandbox } from './sandbox/start-lambda-sandbox.js';
export type { LambdaSandbox, LambdaSandboxOptions } from './sandbox/start-lambda-sandbox.js';
export type { ProcessExit } from './sandbox/start-runtime-process.js';
