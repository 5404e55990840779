import { type DestinationStream, pino } from 'pino';

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
