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
    standardOutput,
  );
}

let destination: DestinationStream | undefined;
/** Lines that wait for the end of `writeAtOnce`. */
let held: string | undefined;

/**
 * Standard output, for the lines of the log and of the metrics. It is written synchronously, because a Lambda is frozen between
 * requests, and not through `console`, because Lambda's JSON log format would wrap each line.
 */
const standardOutput: DestinationStream = {
  write(line) {
    if (held === undefined) {
      destination ??= pino.destination({ dest: 1, sync: true });
      destination.write(line);
    } else held += line;
  },
};

/** Writes a line to standard output, as it is. */
export function writeLogLine(line: string): void {
  standardOutput.write(`${line}\n`);
}

/** Runs `work`, and writes the lines for standard output that it brings in one go: a write costs more than a line. */
export function writeAtOnce<Result>(work: () => Result): Result {
  held ??= '';
  try {
    return work();
  } finally {
    const lines = held;
    held = undefined;
    try {
      if (lines) standardOutput.write(lines);
    } catch {
      // There is no other place to report this.
    }
  }
}

/** The same logger, but one that never throws: a request must not fail because its log cannot be written. */
export function guardLogger(logger: Logger): Logger {
  const guard =
    (level: keyof Logger): Logger['info'] =>
    (fields, message) => {
      try {
        logger[level](fields, message);
      } catch {
        // There is no other place to report this.
      }
    };
  return { info: guard('info'), warn: guard('warn'), error: guard('error') };
}
