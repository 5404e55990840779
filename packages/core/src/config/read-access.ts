import type { AccessPolicy } from '../access/access-policy.js';
import { allowAnonymous } from '../access/allow-anonymous.js';
import { allOf, anyOf } from '../access/compose.js';
import { ipAllowlist } from '../access/ip-allowlist.js';
import { modelAllowlist } from '../access/model-globs.js';
import type { Logger } from '../ports/logger.js';
import { ConfigurationError, type Environment, readWord } from './environment.js';
import { readJwtAccess } from './read-jwt-access.js';
import { readStoreAccess } from './read-store-access.js';
import { readStrictList, usable } from './read-strict.js';
import { readTokenAccess } from './read-token-access.js';

/** Reads who may call. Throws a `ConfigurationError` for an invalid variable, so that a mistake never admits a caller. */
export function readAccess(environment: Environment, logger: Logger): AccessPolicy {
  const isRequired = readWord(environment, 'REQUIRE_AUTH', ['true', 'false']) === 'true';
  // In this order, a token from the environment or a JWT of the issuer never causes a read of a store.
  const callers = [
    ...readTokenAccess(environment, logger),
    ...readJwtAccess(environment, logger),
    ...readStoreAccess(environment, logger),
  ];
  const ips = readStrictList(environment, 'ALLOWED_IPS');
  const models = readStrictList(environment, 'ALLOWED_MODELS');
  const restrictions = [
    ...(ips ? [usable('ALLOWED_IPS', () => ipAllowlist(ips))] : []),
    ...(models ? [modelAllowlist(models)] : []),
  ];
  const known = callers.length > 0 ? anyOf(...callers) : openAccess(isRequired, logger);
  return restrictions.length > 0 ? allOf(...restrictions, known) : known;
}

function openAccess(isRequired: boolean, logger: Logger): AccessPolicy {
  if (isRequired) {
    throw new ConfigurationError(
      'REQUIRE_AUTH',
      'is true, but no source of tokens is configured. Set AUTH_TOKEN, AUTH_TOKENS, AUTH_TOKENS_SECRET_ID, AUTH_TOKENS_PARAMETER or JWT_ISSUER.',
    );
  }
  logger.warn(
    { event: 'auth.open' },
    'No token is configured, so anyone who can reach this URL can use it. Set AUTH_TOKEN or another source of tokens.',
  );
  return allowAnonymous();
}
