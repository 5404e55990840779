import type { Logger } from '../ports/logger.js';

/** The same logger, but one that never throws: a log that cannot be written is no reason to fail a request. */
export function guardLogger(logger: Logger): Logger {
  const guard =
    (level: keyof Logger): Logger['info'] =>
    (fields, message) => {
      try {
        logger[level](fields, message);
      } catch {
        // There is nobody left to tell.
      }
    };
  return { info: guard('info'), warn: guard('warn'), error: guard('error') };
}
