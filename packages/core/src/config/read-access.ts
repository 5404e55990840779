import type { AccessPolicy } from '../access/access-policy.js';
import { allowAnonymous } from '../access/allow-anonymous.js';
import { bearerTokens } from '../access/bearer-tokens.js';
import type { Logger } from '../ports/logger.js';
import { ConfigurationError, type Environment, readWord } from './environment.js';

const shortest = 8;
const advised = 16;

/** Who may call, from the environment. Throws a `ConfigurationError` for what cannot be used, rather than let anyone in. */
export function readAccess(environment: Environment, logger: Logger): AccessPolicy {
  const isRequired = readWord(environment, 'REQUIRE_AUTH', ['true', 'false']) === 'true';
  const token = environment['AUTH_TOKEN'];
  if (token === undefined) return openAccess(isRequired, logger);
  if (token.trim().length < shortest) {
    throw new ConfigurationError('AUTH_TOKEN', `must have at least ${shortest} characters, or not be set at all.`);
  }
  // A header cannot carry these, so that nobody could ever present the token.
  if (/[^\x21-\x7e]/.test(token.trim()) || token.includes(',')) {
    throw new ConfigurationError('AUTH_TOKEN', 'must be of printable ASCII characters, without spaces or commas.');
  }
  if (token.trim().length < advised) {
    logger.warn({ event: 'auth.weak' }, `AUTH_TOKEN has fewer than ${advised} characters: use a longer one.`);
  }
  return bearerTokens([{ id: 'default', token: token.trim() }]);
}

function openAccess(isRequired: boolean, logger: Logger): AccessPolicy {
  if (isRequired) throw new ConfigurationError('REQUIRE_AUTH', 'is true, and no token is configured: set AUTH_TOKEN.');
  logger.warn({ event: 'auth.open' }, 'No token is configured: whoever reaches this URL can use it. Set AUTH_TOKEN.');
  return allowAnonymous();
}
