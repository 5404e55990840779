import type { ErrorCode } from '../errors/error-kinds.js';
import { codeOfHostFailure, codeOfModelStatus, codeOfName, hostMessage } from '../errors/host-failure.js';
import { ProxyError } from '../errors/proxy-error.js';
import { isBedrockKey } from './bedrock-keys.js';
import { countAt, isJsonObject, type JsonObject, stringAt } from './json-object.js';
import { neutralStopReason } from './neutral-stop-reason.js';

/** An error that a model, or the server in front of it, reports in an ordinary chunk. */
export interface InBandFailure {
  readonly code: ErrorCode;
  /** The type of the error in the words of the model. */
  readonly type: string;
  readonly message: string;
}

/** The codes for the error types of Anthropic. */
const codesByType: ReadonlyMap<string, ErrorCode> = new Map([
  ['overloaded_error', 'upstream_unavailable'],
  ['rate_limit_error', 'throttled'],
  ['invalid_request_error', 'upstream_validation'],
  ['not_found_error', 'model_not_found'],
  ['authentication_error', 'upstream_denied'],
  ['permission_error', 'upstream_denied'],
  ['timeout_error', 'upstream_timeout'],
]);

/** The failure that a chunk of any family reports: an `error`, as an object or as text. */
export function readFailure(chunk: JsonObject): InBandFailure | undefined {
  const { error } = chunk;
  if (isJsonObject(error) || (typeof error === 'string' && error !== '') || error === true) {
    return failureOf(error, chunk);
  }
  // Claude marks the chunk with `type`, and older releases of vLLM with `object`: their error may be the chunk itself.
  return chunk.type === 'error' || chunk.object === 'error' ? failureOf(chunk, chunk) : undefined;
}

/**
 * The failure that a chunk of no known family reports: its only member has the name of an exception of Bedrock, or its type is a stop
 * reason that means an error.
 */
export function readUnknownFailure(chunk: JsonObject): InBandFailure | undefined {
  const type = stringAt(chunk, 'type');
  if (type !== undefined && neutralStopReason(type) === 'error') return failureOf(chunk, chunk);
  const [key, ...others] = Object.keys(chunk).filter((each) => !isBedrockKey(each));
  if (key === undefined || others.length > 0) return undefined;
  const name = key.charAt(0).toUpperCase() + key.slice(1);
  if (codeOfName(name) === undefined && !/^[A-Z][A-Za-z]{0,80}Exception$/.test(name)) return undefined;
  const exception = chunk[key];
  const message = messageOf(exception);
  const status = statusIn(exception, 'originalStatusCode') ?? statusOf(exception);
  const code = codeOfHostFailure({ name, message, originalStatusCode: status }) ?? codeOfModelStatus(status);
  return { code, type: name, message };
}

/** `chunk` is the holder of `error`, or `error` itself. */
function failureOf(error: unknown, chunk: JsonObject): InBandFailure {
  const type = stringAt(error, 'type') ?? stringAt(chunk, 'error_type') ?? 'error';
  const known = chunk.type === 'error' ? codesByType.get(type) : undefined;
  const message = messageOf(error, chunk);
  return { code: known ?? codeOfModelStatus(statusOf(error) ?? statusOf(chunk)), type, message };
}

function messageOf(...holders: readonly unknown[]): string {
  for (const holder of holders) {
    if (typeof holder === 'string' && holder !== '') return holder;
    const message = stringAt(holder, 'message') ?? stringAt(holder, 'Message');
    if (message !== undefined) return message;
  }
  return 'no message';
}

function statusOf(error: unknown): number | undefined {
  return statusIn(error, 'code') ?? statusIn(error, 'status') ?? statusIn(error, 'status_code');
}

/** A code can also be a word, such as `context_length_exceeded`. */
function statusIn(holder: unknown, key: string): number | undefined {
  const status = countAt(holder, key);
  return status !== undefined && status >= 100 && status <= 599 ? status : undefined;
}

/** The error for a failure that a model reported in `chunk`. */
export function inBandFailure({ code, type, message }: InBandFailure, chunk: Uint8Array): ProxyError {
  const shown = hostMessage(code, message);
  return new ProxyError(code, {
    ...(shown !== undefined && { message: shown }),
    cause: new Error(`${type}: ${message}`),
    upstream: { name: type, chunk },
  });
}
