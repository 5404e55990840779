import type { ModelAlias } from '../routing/model-alias.js';
import { parseAliases } from '../routing/parse-aliases.js';
import { ConfigurationError, type Environment, readVariable, usable } from './environment.js';

/** The aliases of `MODEL_ALIASES`; undefined if there are none. */
export function readAliases(environment: Environment): Readonly<Record<string, ModelAlias>> | undefined {
  const text = readVariable(environment, 'MODEL_ALIASES');
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's own sentence would quote the value.
    throw new ConfigurationError('MODEL_ALIASES', 'must be JSON: {"name": "model id"}.');
  }
  return usable('MODEL_ALIASES', () => parseAliases(value));
}
