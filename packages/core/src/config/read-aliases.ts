import type { ModelAlias } from '../routing/model-alias.js';
import { parseAliases } from '../routing/parse-aliases.js';
import { needsRouter } from '../routing/resolve-alias.js';
import { ConfigurationError, type Environment, readVariable, usable } from './environment.js';

/**
 * The aliases of `MODEL_ALIASES`; undefined if there are none. Where one target of an alias has a Region, or others follow, each has the
 * Region that it is called in, so that the log can name it.
 */
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
  const aliases = usable('MODEL_ALIASES', () => parseAliases(value));
  const region = readVariable(environment, 'BEDROCK_REGION') ?? environment['AWS_REGION'];
  if (!region) return aliases;
  return Object.fromEntries(Object.entries(aliases).map(([name, alias]) => [name, withRegion(alias, region)]));
}

function withRegion(alias: ModelAlias, region: string): ModelAlias {
  if (!needsRouter(alias.targets)) return alias;
  return { ...alias, targets: alias.targets.map((target) => ({ region, ...target })) };
}
