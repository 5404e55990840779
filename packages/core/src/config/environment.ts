import { type VariableName, type VariableOf, variableDefaults } from './variable-defaults.js';

/** Environment variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown for a variable with an invalid value. The message names the variable and how to fix it, but never the value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** The name of the variable. */
  readonly variable: string;

  constructor(variable: string, problem: string) {
    super(`${variable} ${problem}`);
    this.variable = variable;
  }
}

/** The value of a variable; undefined if it is unset or empty, because consoles leave variables empty. */
export function readVariable(environment: Environment, name: VariableName): string | undefined {
  const value = environment[name];
  return isSet(value) ? value : undefined;
}

export function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/** The name of the function for its metrics; undefined outside AWS. */
export function functionNameOf(environment: Environment): string | undefined {
  const { AWS_LAMBDA_FUNCTION_NAME: name, AWS_LAMBDA_HTTP_ENDPOINT: endpoint } = environment;
  if (isSet(name)) return name;
  return isSet(endpoint) ? (readVariable(environment, 'FUNCTION_NAME') ?? variableDefaults.FUNCTION_NAME) : undefined;
}

/** A whole number of at least `min`, which is 1 by default. If the variable is unset: its default. */
export function readWholeNumber(
  environment: Environment,
  name: VariableOf<number>,
  { min = 1 }: { readonly min?: number } = {},
): number {
  const value = readVariable(environment, name);
  if (value === undefined) return variableDefaults[name];
  const number = Number(value);
  if (!/^\d+$/.test(value.trim()) || !Number.isSafeInteger(number) || number < min) {
    throw new ConfigurationError(name, `must be a whole number of at least ${min}, written in digits.`);
  }
  return number;
}

/** One of `words`, in lower or upper case. If the variable is unset: its default. */
export function readWord<Word extends string>(
  environment: Environment,
  name: VariableOf<string>,
  words: readonly Word[],
): Word {
  const value = (readVariable(environment, name) ?? variableDefaults[name]).trim().toLowerCase();
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new ConfigurationError(name, `must be one of ${words.join(', ')}.`);
  return word;
}

/** One of `words`, in lower or upper case; undefined if the variable is unset. */
export function readOptionalWord<Word extends string>(
  environment: Environment,
  name: VariableName,
  words: readonly Word[],
): Word | undefined {
  const value = readStrict(environment, name)?.toLowerCase();
  const word = words.find((candidate) => candidate === value);
  if (value === undefined || word !== undefined) return word;
  throw new ConfigurationError(name, `must be one of ${words.join(', ')}.`);
}

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
