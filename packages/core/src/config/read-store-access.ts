import type { AccessPolicy } from '../access/access-policy.js';
import type { Logger } from '../ports/logger.js';
import { type Environment, readWholeNumber } from './environment.js';
import { lazyPolicy } from './lazy-policy.js';
import { readStrict } from './read-strict.js';
import type { VariableName } from './variable-defaults.js';
import { warnOfFailure } from './warn-of-failure.js';

/** Reads access by tokens in Secrets Manager and Systems Manager. Nothing is loaded or read before the first request with a token. */
export function readStoreAccess(environment: Environment, logger: Logger): readonly AccessPolicy[] {
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
