import type { AccessPolicy } from '../access/access-policy.js';
import { knownTokens } from '../access/known-tokens.js';
import { presentable, readTokenArray, shortestToken } from '../access/parse-token-records.js';
import type { TokenRecord } from '../access/token-record.js';
import type { Logger } from '../ports/logger.js';
import { ConfigurationError, type Environment } from './environment.js';
import { readStrict, usable } from './read-strict.js';
import type { VariableName } from './variables.js';

const advised = 16;

/** Tokens that stand in the environment itself: `AUTH_TOKEN` and `AUTH_TOKENS`. */
export function readTokenAccess(environment: Environment, logger: Logger): readonly AccessPolicy[] {
  return [...readOne(environment, logger), ...readMany(environment, logger)];
}

function readOne(environment: Environment, logger: Logger): readonly AccessPolicy[] {
  const token = environment['AUTH_TOKEN']?.trim();
  if (token === undefined) return [];
  if (token.length < shortestToken) {
    throw new ConfigurationError('AUTH_TOKEN', `must have at least ${shortestToken} characters, or not be set at all.`);
  }
  if (!presentable.test(token)) {
    throw new ConfigurationError('AUTH_TOKEN', 'must be of printable ASCII characters, without spaces or commas.');
  }
  const records = [{ id: 'default', token }];
  warnOfWeak('AUTH_TOKEN', records, logger);
  return [knownTokens(records).judge];
}

function readMany(environment: Environment, logger: Logger): readonly AccessPolicy[] {
  const text = readStrict(environment, 'AUTH_TOKENS');
  if (text === undefined) return [];
  const records = usable('AUTH_TOKENS', () => readTokenArray(text));
  if (records.length === 0)
    throw new ConfigurationError(
      'AUTH_TOKENS',
      'holds no record, so that nobody could call: put one in, or do not set it at all.',
    );
  warnOfWeak('AUTH_TOKENS', records, logger);
  return [knownTokens(records).judge];
}

function warnOfWeak(variable: VariableName, records: readonly TokenRecord[], logger: Logger): void {
  if (!records.some(({ token }) => token !== undefined && token.length < advised)) return;
  logger.warn(
    { event: 'auth.weak', variable },
    `A token of ${variable} has fewer than ${advised} characters: use a longer one.`,
  );
}
