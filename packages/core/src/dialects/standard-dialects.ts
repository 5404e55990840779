import { type BedrockDialectOptions, bedrockDialect } from './bedrock/bedrock-dialect.js';
import type { Dialect } from './dialect.js';
import { nativeDialect } from './native/native-dialect.js';

/** The options of the standard dialects. */
export interface StandardDialectOptions {
  readonly bedrock?: BedrockDialectOptions;
}

/** The dialects that a proxy speaks by default, in the order in which they are asked for a route. */
export function standardDialects({ bedrock }: StandardDialectOptions = {}): readonly Dialect[] {
  return [bedrockDialect(bedrock), nativeDialect()];
}
