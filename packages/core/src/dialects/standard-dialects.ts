import { anthropicDialect } from './anthropic/anthropic-dialect.js';
import type { AnthropicDialectOptions } from './anthropic/anthropic-dialect-options.js';
import { type BedrockDialectOptions, bedrockDialect } from './bedrock/bedrock-dialect.js';
import type { Dialect } from './dialect.js';
import { nativeDialect } from './native/native-dialect.js';
import { openaiDialect } from './openai/openai-dialect.js';

/** The options of the dialects that have some. */
export interface StandardDialectsOptions {
  readonly bedrock?: BedrockDialectOptions;
  readonly anthropic?: AnthropicDialectOptions;
}

/** The dialects that a proxy speaks by default, in the order in which they are asked for a route. */
export function standardDialects({ bedrock, anthropic }: StandardDialectsOptions = {}): readonly Dialect[] {
  return [bedrockDialect(bedrock), anthropicDialect(anthropic), openaiDialect(), nativeDialect()];
}
