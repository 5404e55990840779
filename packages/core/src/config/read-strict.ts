import { ConfigurationError, type Environment } from './environment.js';
import type { VariableName } from './variable-defaults.js';

/** The trimmed value of a variable; undefined if it is unset. Throws if it is blank, because ignoring it could admit any caller. */
export function readStrict(environment: Environment, name: VariableName): string | undefined {
  const value = environment[name]?.trim();
  if (value === '') throw new ConfigurationError(name, 'is set but blank. Set a value, or remove the variable.');
  return value;
}

/** The items of a list that commas or white space separate; undefined if the variable is unset. */
export function readStrictList(environment: Environment, name: VariableName): readonly string[] | undefined {
  const items = readStrict(environment, name)
    ?.split(/[\s,]+/)
    .filter((item) => item !== '');
  if (items?.length === 0)
    throw new ConfigurationError(name, 'is set but has no items. Set a value, or remove the variable.');
  return items;
}

/** Returns the result of `create`. Turns its `TypeError` into a `ConfigurationError` that names the variable. */
export function usable<Value>(name: VariableName, create: () => Value): Value {
  try {
    return create();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ConfigurationError(name, `is invalid: ${error.message}`);
  }
}
