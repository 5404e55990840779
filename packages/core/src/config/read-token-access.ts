import type { AccessPolicy } from '../access/access-policy.js';
import { knownTokens } from '../access/known-tokens.js';
import { presentable, readTokenArray, shortestToken } from '../access/parse-token-records.js';
import type { TokenRecord } from '../access/token-record.js';
import type { Logger } from '../ports/logger.js';
import { ConfigurationError, type Environment, readStrict, usable } from './environment.js';
import type { VariableName } from './variable-defaults.js';

const recommendedLength = 16;

/** Reads access by the tokens in `AUTH_TOKEN` and `AUTH_TOKENS`. */
export function readTokenAccess(environment: Environment, logger: Logger): readonly AccessPolicy[] {
  return [...readOne(environment, logger), ...readMany(environment, logger)];
}

function readOne(environment: Environment, logger: Logger): readonly AccessPolicy[] {
  const token = environment['AUTH_TOKEN']?.trim();
  if (token === undefined) return [];
  if (token.length < shortestToken) {
    throw new ConfigurationError(
      'AUTH_TOKEN',
      `must have at least ${shortestToken} characters. Set a longer token, or remove the variable.`,
    );
  }
  if (!presentable.test(token)) {
    throw new ConfigurationError('AUTH_TOKEN', 'must consist of printable ASCII characters without spaces and commas.');
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
      'has no records, so no caller would be accepted. Add a record, or remove the variable.',
    );
  warnOfWeak('AUTH_TOKENS', records, logger);
  return [knownTokens(records).judge];
}

function warnOfWeak(variable: VariableName, records: readonly TokenRecord[], logger: Logger): void {
  if (!records.some(({ token }) => token !== undefined && token.length < recommendedLength)) return;
  logger.warn(
    { event: 'auth.weak', variable },
    `A token in ${variable} has fewer than ${recommendedLength} characters. Use a longer token.`,
  );
}
