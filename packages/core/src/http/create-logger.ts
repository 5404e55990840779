import { pino } from 'pino';
import type { Logger } from '../ports/logger.js';

/**
 * A pino logger whose lines CloudWatch reads as they are: one JSON object on standard output with `level`, `timestamp` and
 * `message` as Lambda's own JSON format has them. It writes synchronously, since a Lambda is frozen between requests.
 */
export function createLogger(level = 'info'): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    },
    pino.destination({ dest: 1, sync: true }),
  );
}
