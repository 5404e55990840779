import type { RequestRecord } from './account.js';

/** All that the log ever says of a request that ended: a field that is not named here is not logged, whoever put it there. */
const loggedFields = [
  'requestId',
  'principal',
  'sourceIp',
  'front',
  'modelId',
  'stream',
  'status',
  'code',
  'terminal',
  'durationMs',
  'firstTextMs',
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'stopReason',
  'attempts',
  'bytesOut',
] as const satisfies readonly (keyof RequestRecord)[];

/** The `request.end` line of a request. */
export function requestEndLine(record: RequestRecord): object {
  const line: Record<string, unknown> = { event: 'request.end' };
  for (const field of loggedFields) if (record[field] !== undefined) line[field] = record[field];
  return line;
}
