import { pino } from 'pino';
import type { Logger } from '../ports/logger.js';
import { standardOutput } from './standard-output.js';

/**
 * A pino logger whose lines CloudWatch reads as they are: one JSON object on standard output with `level`, `timestamp` and
 * `message` as Lambda's own JSON format has them.
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
    standardOutput(),
  );
}
