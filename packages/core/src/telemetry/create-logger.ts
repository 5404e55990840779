import { type DestinationStream, pino } from 'pino';
import type { Logger } from '../ports/logger.js';

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

let destination: DestinationStream | undefined;

/**
 * Standard output, where the log and the metrics go line by line: written synchronously, since a Lambda is frozen between requests, and
 * not through `console`, which Lambda's JSON log format would wrap.
 */
export function standardOutput(): DestinationStream {
  destination ??= pino.destination({ dest: 1, sync: true });
  return destination;
}

/** Writes a line to where the log goes, as it is. */
export function writeLogLine(line: string): void {
  standardOutput().write(`${line}\n`);
}
