import type { Logger } from '../ports/logger.js';
import type { VariableName } from './variables.js';

/** Says in the log that what a variable names could not be read: older values may go on serving, so that nobody else would notice. */
export function warnOfFailure(variable: VariableName, logger: Logger): (error: unknown) => void {
  return (error) => {
    const reason = error instanceof Error ? error.message : 'unknown';
    logger.warn(
      { event: 'auth.refresh_failed', variable, reason },
      `What ${variable} names could not be read: check it, the role of the function and its network.`,
    );
  };
}
