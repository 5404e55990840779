/** Limits for one subject: a caller, a team or everyone. Each is checked before a model is called, and all must hold. */
export interface LimitRule {
  /** Globs in the format of `modelGlobs`. The rule holds for calls with a target that matches one. Absent: all models. */
  readonly models?: readonly string[] | undefined;
  readonly requestsPerMinute?: number | undefined;
  /** Tokens here and below: input, output and cache writes. */
  readonly tokensPerMinute?: number | undefined;
  /** Calls at the same time. */
  readonly concurrent?: number | undefined;
  /** A day and a month are those of UTC. */
  readonly tokensPerDay?: number | undefined;
  readonly tokensPerMonth?: number | undefined;
  /** US dollars. */
  readonly usdPerDay?: number | undefined;
  readonly usdPerMonth?: number | undefined;
  /** Divides the rule into this many items of the store, each with an equal share of every limit. 1 by default. */
  readonly shards?: number | undefined;
}

/** The limits that a rule can have. */
export const limitNames = [
  'requestsPerMinute',
  'tokensPerMinute',
  'concurrent',
  'tokensPerDay',
  'tokensPerMonth',
  'usdPerDay',
  'usdPerMonth',
] as const satisfies readonly (keyof LimitRule)[];

export type LimitName = (typeof limitNames)[number];

/** What is wrong with a value, and where in it, such as `[1].models`. */
export interface RuleFault {
  readonly at: string;
  readonly message: string;
}

/** More nano-dollars than this are no exact number. */
const mostDollars = 9_000_000;
/** Below these shares, shards would refuse calls long before the whole limit is reached. */
const leastShares: Partial<Record<LimitName, number>> = {
  requestsPerMinute: 100,
  tokensPerMinute: 100,
  concurrent: 10,
};

/**
 * The rules in a value of unknown origin: one rule, or an array of rules. Throws a `TypeError` that names the place in it, after the name
 * of the whole, and never quotes a
 * value. A misspelled limit is refused, because it would limit nothing.
 */
export function parseLimitRules(value: unknown, place = ''): readonly LimitRule[] {
  const fault = limitRulesFault(value);
  if (fault) throw new TypeError(`${place}${fault.at} ${fault.message}.`.trim());
  return (Array.isArray(value) ? value : [value]) as readonly LimitRule[];
}

/** What is wrong with one rule or an array of rules; undefined if nothing is. */
export function limitRulesFault(value: unknown): RuleFault | undefined {
  const isList = Array.isArray(value);
  const rules: readonly unknown[] = isList ? Array.from(value) : [value];
  const seen = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    const at = isList ? `[${index}]` : '';
    const fault = ruleFault(rule);
    if (fault) return { at: at + fault.at, message: fault.message };
    const models = modelsOf(rule as LimitRule);
    if (seen.has(models)) return { at, message: 'is for the same models as the rule before it: join the two' };
    seen.add(models);
  }
  return undefined;
}

/** The models of a rule in one text: the same for two rules with equal globs. */
export function modelsOf({ models = ['*'] }: LimitRule): string {
  const globs = [...new Set(models)].sort();
  return globs.includes('*') ? '*' : globs.map(encode).join(',');
}

/** A text as a part of a key. */
export function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function ruleFault(rule: unknown): RuleFault | undefined {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return { at: '', message: 'must be an object' };
  const limits = Object.entries(rule).filter(([, limit]) => limit !== undefined);
  for (const [name, limit] of limits) {
    const message = memberFault(name, limit);
    if (message !== undefined) return { at: isKnown(name) ? `.${name}` : '', message };
  }
  const { shards = 1 }: LimitRule = rule;
  for (const name of limitNames) {
    const limit = (rule as LimitRule)[name];
    const least = leastShares[name] ?? 0;
    if (limit === undefined || shards === 1 || limit / shards >= least) continue;
    return { at: '.shards', message: `must leave each shard at least ${least} of ${name}` };
  }
  if (limitNames.some((name) => (rule as LimitRule)[name] !== undefined)) return undefined;
  return { at: '', message: `must have at least one of ${limitNames.join(', ')}` };
}

function memberFault(name: string, limit: unknown): string | undefined {
  if (name === 'models') {
    const isList = Array.isArray(limit) && limit.length > 0;
    if (isList && limit.every((glob) => typeof glob === 'string' && /^[^@]/.test(glob))) return undefined;
    return 'must be an array of globs of model ids, with at least one';
  }
  if (name === 'shards') return isWhole(limit) && limit <= 256 ? undefined : 'must be a whole number from 1 to 256';
  if (!isKnown(name)) return `has an unknown member; allowed are models, ${limitNames.join(', ')} and shards`;
  if (!name.startsWith('usd')) return isWhole(limit) ? undefined : 'must be a whole number of at least 1';
  const isAmount = typeof limit === 'number' && limit >= 1e-6 && limit <= mostDollars;
  return isAmount ? undefined : `must be an amount of dollars from 0.000001 to ${mostDollars}`;
}

function isKnown(name: string): boolean {
  return name === 'models' || name === 'shards' || limitNames.some((limit) => limit === name);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}
