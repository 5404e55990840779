import type { ModelAlias, ModelAliases } from './model-alias.js';

/** The alias of this name; undefined if there is none. */
export function resolveAlias(aliases: ModelAliases, name: string): ModelAlias | undefined {
  const alias = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
  return typeof alias === 'string' ? { targets: [{ model: alias }] } : alias;
}
