import type { AccessPolicy } from '../access/access-policy.js';
import { hasUnknownPrice } from '../limits/has-unknown-price.js';
import { type LimitSettings, limited } from '../limits/limited.js';
import { parsePrices } from '../limits/parse-prices.js';
import type { Prices } from '../limits/price.js';
import { isJsonObject } from '../models/json-object.js';
import type { LimitStore } from '../ports/limit-store.js';
import type { Logger } from '../ports/logger.js';
import type { ModelAliases } from '../routing/model-alias.js';
import { ConfigurationError, type Environment, readStrict, readWholeNumber, readWord, usable } from './environment.js';
import type { VariableName } from './variable-defaults.js';

/** This name, which no table can have, counts in the memory of the process. */
const inMemory = ':memory:';

/** The same policy, with the limits that the environment sets. What counts is loaded for the first caller that has a limit. */
export function withLimits(
  access: AccessPolicy,
  environment: Environment,
  logger: Logger,
  aliases?: ModelAliases,
): AccessPolicy {
  const table = readStrict(environment, 'LIMITS_TABLE');
  const settings = readSettings(environment);
  const prices = readPrices(environment);
  const onFailure = readWord(environment, 'LIMITS_ON_FAILURE', ['closed', 'open']);
  const timeoutMs = readWholeNumber(environment, 'LIMITS_TIMEOUT_MS');
  if (table === undefined && settings) {
    throw new ConfigurationError(
      'LIMITS',
      `needs LIMITS_TABLE, a DynamoDB table in which all instances count together. Set LIMITS_TABLE too, to ${inMemory} if there is only one process.`,
    );
  }
  if (table === undefined && !prices) return access;
  if (settings) assertTiersHavePrices(settings, aliases);
  const store = table === inMemory ? memoryStore(logger) : table === undefined ? noStore : tableStore(table);
  const options = { ...settings, store, onFailure, timeoutMs, logger, ...(prices && { prices }) };
  return usable('LIMITS', () => limited(access, options));
}

/** A tier has a price of its own, and a budget that counts another one would be passed. */
function assertTiersHavePrices(settings: LimitSettings, aliases: ModelAliases = {}): void {
  if (!JSON.stringify(settings).includes('"usdPer')) return;
  for (const [name, alias] of Object.entries(aliases)) {
    const targets = typeof alias === 'string' ? [] : alias.targets;
    if (!targets.some(hasUnknownPrice)) continue;
    throw new ConfigurationError(
      'MODEL_ALIASES',
      `needs priceFactor beside serviceTier in the targets of ${name}, because LIMITS counts dollars. It is the price of the tier, divided by that of the default tier.`,
    );
  }
}

/** For prices alone, which need no store. */
const noStore: LimitStore = {
  async update() {
    const error = new Error('This caller has limits, but LIMITS_TABLE is not set: there is no store to count in.');
    throw Object.assign(error, { permanent: true });
  },
};

function memoryStore(logger: Logger): LimitStore {
  logger.warn(
    { event: 'limits.memory', variable: 'LIMITS_TABLE' },
    'Limits are counted in the memory of this process alone: each instance counts for itself, and forgets its counts when it ends.',
  );
  return lazyStore(async () => (await import('../limits/index.js')).memoryLimitStore());
}

function tableStore(table: string): LimitStore {
  if (!/^(?:arn:[^:]+:dynamodb:[^:]+:\d+:table\/)?[\w.-]{3,255}$/.test(table)) {
    throw new ConfigurationError('LIMITS_TABLE', 'must be the name or the ARN of a DynamoDB table.');
  }
  return lazyStore(async () => (await import('../dynamodb/index.js')).dynamoLimitStore({ table }));
}

/** A store that is loaded at its first use. */
function lazyStore(load: () => Promise<LimitStore>): LimitStore {
  let loading: Promise<LimitStore> | undefined;
  return {
    async update(...args) {
      loading ??= load();
      return (await loading).update(...args);
    },
  };
}

function readSettings(environment: Environment): LimitSettings | undefined {
  const value = readJson(environment, 'LIMITS', '{"everyone": {…}, "each": {…}, "teams": {"name": {…}}}');
  if (value === undefined) return undefined;
  const known = ['everyone', 'each', 'teams'];
  if (!Object.keys(value).every((name) => known.includes(name))) {
    throw new ConfigurationError('LIMITS', `has a member that is none of ${known.join(', ')}.`);
  }
  if (value['teams'] !== undefined && !isJsonObject(value['teams'])) {
    throw new ConfigurationError('LIMITS', 'needs teams to be an object: {"name": {…}}.');
  }
  return value;
}

function readPrices(environment: Environment): Prices | undefined {
  const value = readJson(environment, 'PRICES', '{"model id": {"input": …, "output": …}}');
  return value && usable('PRICES', () => parsePrices(value));
}

function readJson(
  environment: Environment,
  name: VariableName,
  form: string,
): Readonly<Record<string, unknown>> | undefined {
  const text = readStrict(environment, name);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // The engine's own sentence would quote the value.
  }
  throw new ConfigurationError(name, `must be a JSON object: ${form}.`);
}
