/** Environment variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that cannot be used as it is. Names the variable and what it should be; never its value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly variable: string;

  constructor(variable: string, mend: string) {
    super(`${variable} ${mend}`);
    this.variable = variable;
  }
}

/** The value of a variable; undefined where it is not set, or set to nothing, as consoles leave it. */
export function readVariable(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value === '' ? undefined : value;
}

/** A whole number of at least `least`; `fallback` where the variable is not set. */
export function readWholeNumber(environment: Environment, name: string, fallback: number, least = 1): number {
  const value = readVariable(environment, name);
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!/^\d+$/.test(value.trim()) || !Number.isSafeInteger(number) || number < least) {
    throw new ConfigurationError(name, `must be a whole number of at least ${least}.`);
  }
  return number;
}

/** One of `words`, in any case; `fallback` where the variable is not set. */
export function readWord<Word extends string>(
  environment: Environment,
  name: string,
  words: readonly Word[],
  fallback: Word,
): Word {
  const value = readVariable(environment, name)?.trim().toLowerCase();
  if (value === undefined) return fallback;
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new ConfigurationError(name, `must be one of ${words.join(', ')}.`);
  return word;
}
