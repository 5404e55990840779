export type { LocalFunctions } from './fronts/create-local-fronts.js';
export { createLocalFronts } from './fronts/create-local-fronts.js';
export type { FrontOptions } from './fronts/front-request.js';
export type { FunctionUrlOptions } from './fronts/function-url-front.js';
export { functionUrlFront } from './fronts/function-url-front.js';
export type { HttpApiOptions } from './fronts/http-api-front.js';
export { httpApiFront } from './fronts/http-api-front.js';
export type { RestApiOptions } from './fronts/rest-api-front.js';
export { restApiFront, restApiStreamFront } from './fronts/rest-api-front.js';
export type { ServedFront } from './fronts/serve-front.js';
export { serveFront } from './fronts/serve-front.js';
export type { InProcessRuntime, InProcessRuntimeOptions } from './in-process/create-in-process-runtime.js';
export { createInProcessRuntime } from './in-process/create-in-process-runtime.js';
export type { FunctionIdentity, LambdaContext } from './in-process/create-lambda-context.js';
export type { LambdaResponseStream } from './in-process/create-response-stream.js';
export type { LambdaHandler } from './in-process/lambda-global.js';
export type { StreamMember } from './in-process/stream-members.js';
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
export type { LambdaFunctionErrorOptions } from './lambda-function-error.js';
export { LambdaFunctionError } from './lambda-function-error.js';
export { readStreamedText } from './read-streamed-text.js';
export type { SandboxLog } from './sandbox/create-sandbox-log.js';
export type { LambdaSandbox, LambdaSandboxOptions } from './sandbox/start-lambda-sandbox.js';
export { startLambdaSandbox } from './sandbox/start-lambda-sandbox.js';
export type { ProcessExit } from './sandbox/start-runtime-process.js';
