import type { ResponsePiece, ResponsePrelude, StreamedInvocation } from './invoke.js';

/** The content type with which a runtime announces a prelude. */
export const integrationContentType = 'application/vnd.awslambda.http-integration-response';

const delimiter = Buffer.alloc(8);
/** API Gateway searches the delimiter in this range. It is unconfirmed for Function URLs. */
const searchLimitBytes = 16_384;

type PreludeReading = Pick<StreamedInvocation, 'prelude' | 'preludeProblem'> & {
  /** The bytes that were read after the prelude, or all bytes if the prelude is missing or malformed. */
  readonly rest?: ResponsePiece;
};

/** Reads the prelude of a streamed answer, which ends with eight NUL bytes. */
export async function readPrelude(pieces: AsyncIterator<ResponsePiece, undefined>): Promise<PreludeReading> {
  let read = Buffer.alloc(0);
  let atMs = performance.now();
  while (read.length < searchLimitBytes) {
    const next = await pieces.next();
    if (next.done === true) break;
    read = Buffer.concat([read, next.value.bytes]);
    atMs = next.value.atMs;
    const end = read.indexOf(delimiter);
    if (end < 0) continue;
    const prelude = parsePrelude(read.toString('utf8', 0, end));
    if (prelude === undefined) return { preludeProblem: 'malformed', rest: { bytes: read, atMs } };
    const rest = read.subarray(end + delimiter.length);
    return rest.length > 0 ? { prelude, rest: { bytes: rest, atMs } } : { prelude };
  }
  return read.length > 0 ? { preludeProblem: 'missing', rest: { bytes: read, atMs } } : { preludeProblem: 'missing' };
}

function parsePrelude(json: string): ResponsePrelude | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  return isResponsePrelude(value) ? value : undefined;
}

/** Whether a value is a valid prelude. All members are optional. */
export function isResponsePrelude(value: unknown): value is ResponsePrelude {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { statusCode, headers, multiValueHeaders, cookies } = value as Record<string, unknown>;
  return (
    (statusCode === undefined || isStatus(statusCode)) &&
    (headers === undefined || isRecordOf(headers, isString)) &&
    (multiValueHeaders === undefined || isRecordOf(multiValueHeaders, isStrings)) &&
    (cookies === undefined || isStrings(cookies))
  );
}

function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isString);
}

function isRecordOf(value: unknown, isMember: (member: unknown) => boolean): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isMember);
}
