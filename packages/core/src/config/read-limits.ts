import type { AccessPolicy } from '../access/access-policy.js';
import type { Logger } from '../ports/logger.js';
import type { Environment } from './environment.js';

/**
 * The same policy, with the limits that the environment sets. Their reader is loaded only if it sets some. `ready` rejects if they are
 * invalid, and then nobody is admitted.
 */
export function withLimits(
  access: AccessPolicy,
  environment: Environment,
  logger: Logger,
): { readonly access: AccessPolicy; readonly ready: Promise<void> } {
  const isSet = (['LIMITS_TABLE', 'LIMITS', 'LIMITS_ON_FAILURE', 'PRICES'] as const).some(
    (name) => environment[name] !== undefined,
  );
  if (!isSet) return { access, ready: Promise.resolve() };
  const loading = import('./limited-access.js').then(({ limitedAccess }) => limitedAccess(access, environment, logger));
  const policy: AccessPolicy = async (request) => (await loading)(request);
  return {
    access: Object.assign(policy, access.admitsSource && { admitsSource: access.admitsSource }),
    ready: loading.then(() => undefined),
  };
}
