import { type VariableName, type VariableOf, variableDefaults } from './variables.js';

/** Environment variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that cannot be used as it is. Names the variable and what it should be; never its value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** The name of the variable. */
  readonly variable: string;

  constructor(variable: string, mend: string) {
    super(`${variable} ${mend}`);
    this.variable = variable;
  }
}

/** The value of a variable; undefined where it is not set, or set to nothing, as consoles leave it. */
export function readVariable(environment: Environment, name: VariableName): string | undefined {
  const value = environment[name];
  return value === undefined || value === '' ? undefined : value;
}

/** A whole number of at least `least`, 1 by default; the variable's default where it is not set. */
export function readWholeNumber(
  environment: Environment,
  name: VariableOf<number>,
  { least = 1 }: { readonly least?: number } = {},
): number {
  const value = readVariable(environment, name);
  if (value === undefined) return variableDefaults[name];
  const number = Number(value);
  if (!/^\d+$/.test(value.trim()) || !Number.isSafeInteger(number) || number < least) {
    throw new ConfigurationError(name, `must be a whole number of at least ${least}, in digits alone.`);
  }
  return number;
}

/** One of `words`, in any case; the variable's default where it is not set. */
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
