import type { Logger } from '../ports/logger.js';
import type { VariableName } from './variable-defaults.js';

/** Logs that a store or an issuer could not be read. Older values may remain in use, so callers may not notice the failure. */
export function warnOfFailure(variable: VariableName, logger: Logger): (error: unknown) => void {
  return (error) => {
    const reason = error instanceof Error ? error.message : 'unknown';
    logger.warn(
      { event: 'auth.refresh_failed', variable, reason },
      `The source that ${variable} names could not be read. Check the name, the function's role and its network.`,
    );
  };
}
