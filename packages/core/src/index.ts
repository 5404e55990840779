export { errorKinds } from './errors/error-codes.js';
export type { ErrorCode, LogCode } from './errors/error-codes.js';
export { isProxyError, ProxyError } from './errors/proxy-error.js';
export type { ProxyErrorOptions, RequestIssue } from './errors/proxy-error.js';
export type {
  ModelEvent,
  RawChunk,
  ReasoningDelta,
  StopReason,
  StreamEnd,
  TextDelta,
  ToolCallDelta,
  ToolCallStart,
  Usage,
  UsageReport,
} from './models/model-event.js';
export type {
  CallMeta,
  Chunk,
  InvokeModelOptions,
  ModelAnswer,
  ModelCall,
  ModelInvoker,
  ModelStream,
  ReportedTokens,
} from './ports/model-invoker.js';
