import type { ModelTarget } from '../ports/model-invoker.js';
import type { ModelAlias, ModelAliases } from './model-alias.js';

/** The alias of this name; undefined if there is none. */
export function resolveAlias(aliases: ModelAliases, name: string): ModelAlias | undefined {
  const alias = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
  return typeof alias === 'string' ? { targets: [{ model: alias }] } : alias;
}

/** Whether a call of these targets needs a router: the invoker of the proxy itself has one target, in its Region and role. */
export function needsRouter([first, ...others]: readonly ModelTarget[]): boolean {
  return others.length > 0 || first?.region !== undefined || first?.roleArn !== undefined;
}
