import type { AccessPolicy } from '../access/access-policy.js';
import { trustedUrl } from '../access/trusted-url.js';
import type { Logger } from '../ports/logger.js';
import { ConfigurationError, type Environment } from './environment.js';
import { lazyPolicy } from './lazy-policy.js';
import { readStrict, readStrictList, usable } from './read-strict.js';
import { variableDefaults } from './variable-defaults.js';
import { warnOfFailure } from './warn-of-failure.js';

/** Reads access by JWTs of one issuer. Nothing is loaded or fetched before the first request with a token. */
export function readJwtAccess(environment: Environment, logger: Logger): readonly AccessPolicy[] {
  const issuer = readStrict(environment, 'JWT_ISSUER');
  const audience = readStrictList(environment, 'JWT_AUDIENCE');
  const jwksUrl = readStrict(environment, 'JWT_JWKS_URL');
  const modelsClaim = readStrict(environment, 'JWT_MODELS_CLAIM') ?? variableDefaults.JWT_MODELS_CLAIM;
  if (issuer === undefined) {
    const ineffective = (['JWT_AUDIENCE', 'JWT_JWKS_URL'] as const).find((name) => environment[name] !== undefined);
    if (ineffective) throw new ConfigurationError(ineffective, 'has no effect without JWT_ISSUER. Set JWT_ISSUER too.');
    return [];
  }
  if (audience === undefined)
    throw new ConfigurationError('JWT_ISSUER', 'requires JWT_AUDIENCE. Set JWT_AUDIENCE too.');
  if (jwksUrl === undefined) usable('JWT_ISSUER', () => trustedUrl(issuer, 'without JWT_JWKS_URL it'));
  else usable('JWT_JWKS_URL', () => trustedUrl(jwksUrl, 'it'));
  return [
    lazyPolicy(async () => {
      const { jwtTokens } = await import('../jwt/index.js');
      return jwtTokens({ issuer, audience, jwksUrl, modelsClaim, onFailure: warnOfFailure('JWT_ISSUER', logger) });
    }),
  ];
}
