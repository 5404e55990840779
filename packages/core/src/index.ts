export type {
  AccessDecision,
  AccessPolicy,
  AccessRequest,
  Admission,
  CallOutcome,
  CallToReserve,
  ClientOption,
  Denial,
  Reservation,
  Reserve,
  Settle,
} from './access/access-policy.js';
export { allowAnonymous } from './access/allow-anonymous.js';
export { allOf, anyOf } from './access/compose.js';
export type { DenialReason } from './access/denial-reason.js';
export { ipAllowlist } from './access/ip-allowlist.js';
export { bearerTokens } from './access/known-tokens.js';
export type { LimitRule } from './access/limit-rule.js';
export { modelAllowlist, modelGlobs } from './access/model-globs.js';
export type { StoredTokensOptions } from './access/stored-tokens.js';
export { storedTokens } from './access/stored-tokens.js';
export type { TokenRecord } from './access/token-record.js';
export type { ErrorCode, LogCode } from './errors/error-kinds.js';
export { errorKinds } from './errors/error-kinds.js';
export type { ProxyErrorOptions, Rate, RequestIssue, UpstreamFailure } from './errors/proxy-error.js';
export { isProxyError, ProxyError } from './errors/proxy-error.js';
export type {
  Citation,
  ModelEvent,
  RawChunk,
  ReasoningDelta,
  ReasoningRedacted,
  ReasoningSignature,
  StopReason,
  StreamEnd,
  TextDelta,
  ToolCallDelta,
  ToolCallStart,
  UsageReport,
} from './models/model-event.js';
export type { AnswerReport } from './models/read-answer-report.js';
export type { CallNotes } from './ports/call-notes.js';
export type { CallSpan, CallTracer, SpanOutcome, TracedCall } from './ports/call-tracer.js';
export type { Logger } from './ports/logger.js';
export type {
  CallMeta,
  Chunk,
  ChunkBatch,
  FailedAttempt,
  InvokeModelOptions,
  ModelAnswer,
  ModelCall,
  ModelInvoker,
  ModelOperation,
  ModelStream,
  ModelTarget,
  ServedBy,
  Usage,
} from './ports/model-invoker.js';
export type { ModelProxy, ProxyLimits, ProxyOptions } from './proxy/create-proxy.js';
export { createProxy } from './proxy/create-proxy.js';
export type { ModelAlias, ModelAliases, OpenAiModelSettings, ReasoningKind } from './routing/model-alias.js';
export type { CollectedAnswer, CollectedToolCall } from './stream/create-collector.js';
export type { InvokedAnswer, InvokeOptions } from './stream/invoke-model.js';
export { invokeModel } from './stream/invoke-model.js';
export type { ModelEventStream, ModelInput, StreamOptions } from './stream/stream-model.js';
export { streamModel } from './stream/stream-model.js';
export type { RequestRecord } from './telemetry/request-record.js';
