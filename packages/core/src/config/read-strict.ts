import { ConfigurationError, type Environment } from './environment.js';
import type { VariableName } from './variables.js';

/** A variable of access, trimmed; undefined where it is not set. One that is set and blank is a mistake that could open a door. */
export function readStrict(environment: Environment, name: VariableName): string | undefined {
  const value = environment[name]?.trim();
  if (value === '') throw new ConfigurationError(name, 'is set and blank: give it a value, or do not set it at all.');
  return value;
}

/** A list whose items are separated by commas or white space. */
export function readStrictList(environment: Environment, name: VariableName): readonly string[] | undefined {
  const items = readStrict(environment, name)
    ?.split(/[\s,]+/)
    .filter((item) => item !== '');
  if (items?.length === 0)
    throw new ConfigurationError(name, 'is set and holds nothing: give it a value, or do not set it.');
  return items;
}

/** What `make` makes of a variable's value; what it throws names the variable from then on. */
export function usable<Value>(name: VariableName, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ConfigurationError(name, `cannot be used: ${error.message}`);
  }
}
