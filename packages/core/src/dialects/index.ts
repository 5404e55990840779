export type { JsonScan, TopLevelMember } from '../request/json-scan.js';
export { insertFirst, joinWithout, parseValue, readJsonObject } from '../request/json-scan.js';
export type { ReadChunk } from '../stream/answer-reader.js';
export type { EventBatch } from '../stream/open-stream.js';
export { anthropicDialect } from './anthropic/anthropic-dialect.js';
export type { AnthropicDialectOptions } from './anthropic/anthropic-dialect-options.js';
export type { BedrockDialectOptions } from './bedrock/bedrock-dialect.js';
export { bedrockDialect } from './bedrock/bedrock-dialect.js';
export type {
  AdmittedHead,
  ClientSettings,
  Codec,
  Dialect,
  FrontKind,
  HttpHeaders,
  ModelCatalog,
  ParsedCall,
  PermitsModel,
  Piece,
  PlainAnswer,
  RateForm,
  RequestHead,
  ResolvedModel,
  Route,
  StreamEncoder,
} from './dialect.js';
export { nativeDialect } from './native/native-dialect.js';
export { openaiDialect } from './openai/openai-dialect.js';
export { plainRefusal, statusOf } from './plain-refusal.js';
export type { StandardDialectsOptions } from './standard-dialects.js';
export { standardDialects } from './standard-dialects.js';
