import type { Dialect } from './dialect.js';
import { nativeDialect } from './native/native-dialect.js';
import { openaiDialect } from './openai/openai-dialect.js';

/** The dialects that a proxy speaks by default, in the order in which they are asked for a route. */
export function standardDialects(): readonly Dialect[] {
  return [openaiDialect(), nativeDialect()];
}
