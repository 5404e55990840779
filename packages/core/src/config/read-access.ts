import type { AccessPolicy } from '../access/access-policy.js';
import { allowAnonymous } from '../access/allow-anonymous.js';
import { allOf, anyOf } from '../access/compose.js';
import { ipAllowlist } from '../access/ip-allowlist.js';
import { modelAllowlist } from '../access/model-globs.js';
import { trustedUrl } from '../access/trusted-url.js';
import type { Logger } from '../ports/logger.js';
import {
  ConfigurationError,
  type Environment,
  readStrict,
  readStrictList,
  readVariable,
  readWholeNumber,
  readWord,
  usable,
} from './environment.js';
import { readTokenAccess } from './read-token-access.js';
import { type VariableName, variableDefaults } from './variable-defaults.js';

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
  const known = joined(callers) ?? openAccess(isRequired, logger);
  if (callers.length === 0 && ips) warnOfOpenPages(environment, logger);
  return restrictions.length > 0 ? allOf(...restrictions, known) : known;
}

/** One policy needs no `anyOf` around it. */
function joined(callers: readonly AccessPolicy[]): AccessPolicy | undefined {
  return callers.length < 2 ? callers[0] : anyOf(...callers);
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

/** A page from anywhere runs in the browser of a user at an allowed address. */
function warnOfOpenPages(environment: Environment, logger: Logger): void {
  const origins = readVariable(environment, 'CORS_ALLOWED_ORIGINS') ?? variableDefaults.CORS_ALLOWED_ORIGINS;
  if (origins.trim() !== '*') return;
  logger.warn(
    { event: 'auth.open_to_pages' },
    'ALLOWED_IPS is the only restriction, and CORS_ALLOWED_ORIGINS is *, so any web page that is open in these networks can use this URL. Set AUTH_TOKEN or another source of tokens.',
  );
}

/** Reads access by JWTs of one issuer. Nothing is loaded or fetched before the first request with a token. */
function readJwtAccess(environment: Environment, logger: Logger): readonly AccessPolicy[] {
  const issuer = readStrict(environment, 'JWT_ISSUER');
  const audience = readStrictList(environment, 'JWT_AUDIENCE');
  const jwksUrl = readStrict(environment, 'JWT_JWKS_URL');
  const modelsClaim = readStrict(environment, 'JWT_MODELS_CLAIM') ?? variableDefaults.JWT_MODELS_CLAIM;
  const teamClaim = readStrict(environment, 'JWT_TEAM_CLAIM');
  if (issuer === undefined) {
    const ineffective = (['JWT_AUDIENCE', 'JWT_JWKS_URL', 'JWT_TEAM_CLAIM'] as const).find(
      (name) => environment[name] !== undefined,
    );
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
      const onFailure = warnOfFailure('JWT_ISSUER', logger);
      return jwtTokens({ issuer, audience, jwksUrl, modelsClaim, teamClaim, onFailure });
    }),
  ];
}

/** Reads access by tokens in Secrets Manager and Systems Manager. Nothing is loaded or read before the first request with a token. */
function readStoreAccess(environment: Environment, logger: Logger): readonly AccessPolicy[] {
  const secretId = readStrict(environment, 'AUTH_TOKENS_SECRET_ID');
  const parameter = readStrict(environment, 'AUTH_TOKENS_PARAMETER');
  const ttlSeconds = readWholeNumber(environment, 'AUTH_TOKENS_TTL_SECONDS');
  const options = (variable: VariableName) => ({ ttlSeconds, onFailure: warnOfFailure(variable, logger) });
  const policies: AccessPolicy[] = [];
  if (secretId !== undefined) {
    policies.push(
      lazyPolicy(async () => {
        const { secretsManagerTokens } = await import('../aws-secrets/index.js');
        return secretsManagerTokens({ secretId, ...options('AUTH_TOKENS_SECRET_ID') });
      }),
    );
  }
  if (parameter !== undefined) {
    policies.push(
      lazyPolicy(async () => {
        const { parameterStoreTokens } = await import('../aws-secrets/index.js');
        return parameterStoreTokens({ parameter, ...options('AUTH_TOKENS_PARAMETER') });
      }),
    );
  }
  return policies;
}

/**
 * A policy that is loaded for the first request with a token. A request without a token is refused without loading it. After a failed
 * load, the next request with a token loads it again.
 */
export function lazyPolicy(load: () => Promise<AccessPolicy>): AccessPolicy {
  let loading: Promise<AccessPolicy> | undefined;
  return async (request) => {
    if (request.token === undefined) return { allow: false, code: 'missing_token' };
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return (await loading)(request);
  };
}

/** Logs that a store or an issuer could not be read. Older values may remain in use, so callers may not notice the failure. */
function warnOfFailure(variable: VariableName, logger: Logger): (error: unknown) => void {
  return (error) => {
    const reason = error instanceof Error ? error.message : 'unknown';
    logger.warn(
      { event: 'auth.refresh_failed', variable, reason },
      `The source that ${variable} names could not be read. Check the name, the function's role and its network.`,
    );
  };
}
