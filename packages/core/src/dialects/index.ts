export type { ReadChunk } from '../stream/answer-reader.js';
export type { EventBatch } from '../stream/open-stream.js';
export type { BedrockDialectOptions } from './bedrock/bedrock-dialect.js';
export { bedrockDialect } from './bedrock/bedrock-dialect.js';
export type {
  AdmittedHead,
  ClientSettings,
  Codec,
  Dialect,
  FrontKind,
  HttpHeaders,
  JsonMember,
  ModelCatalog,
  ParsedCall,
  PermitsModel,
  Piece,
  PlainAnswer,
  RequestHead,
  ResolvedModel,
  Route,
  StreamEncoder,
} from './dialect.js';
export { nativeDialect } from './native/native-dialect.js';
export { plainRefusal } from './plain-refusal.js';
export type { StandardDialectOptions } from './standard-dialects.js';
export { standardDialects } from './standard-dialects.js';
