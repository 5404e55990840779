import { cleanMessage } from '../errors/clean-message.js';
import type { ErrorCode } from '../errors/error-kinds.js';
import { ProxyError, type ProxyErrorOptions } from '../errors/proxy-error.js';
import { isJsonObject, type JsonObject } from '../models/json-object.js';
import { callMetaOf, headersOf, type ResponseHeaders, type ResponseMetadata } from './call-meta-of.js';

const codesByName: ReadonlyMap<string, ErrorCode> = new Map([
  ['ValidationException', 'upstream_validation'],
  ['AccessDeniedException', 'upstream_denied'],
  ['UnrecognizedClientException', 'upstream_denied'],
  ['ExpiredTokenException', 'upstream_denied'],
  ['InvalidSignatureException', 'upstream_denied'],
  ['CredentialsProviderError', 'upstream_denied'],
  ['TokenProviderError', 'upstream_denied'],
  ['ResourceNotFoundException', 'model_not_found'],
  ['ThrottlingException', 'throttled'],
  ['ServiceQuotaExceededException', 'quota_exceeded'],
  ['ModelTimeoutException', 'upstream_timeout'],
  ['ModelNotReadyException', 'model_not_ready'],
  ['ServiceUnavailableException', 'upstream_unavailable'],
  ['InternalServerException', 'upstream_error'],
  ['ModelErrorException', 'upstream_error'],
  ['ModelStreamErrorException', 'upstream_error'],
]);

const codesByStatus: ReadonlyMap<number, ErrorCode> = new Map([
  [400, 'upstream_validation'],
  [401, 'upstream_denied'],
  [403, 'upstream_denied'],
  [404, 'model_not_found'],
  [408, 'upstream_timeout'],
  [429, 'throttled'],
  [503, 'upstream_unavailable'],
  [504, 'upstream_timeout'],
]);

/** The error codes of Node.js for a host that cannot be reached, or that disconnected before it answered. */
const unreachable =
  /^(?:E(?:NOTFOUND|AI_AGAIN|CONN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|PROTO)|ERR_(?:TLS|SSL)_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** The code for an exception name of Bedrock; undefined if the name is unknown. */
export function codeOfName(name: string): ErrorCode | undefined {
  return codesByName.get(name);
}

/** The code for the HTTP status of a refusal without a known name. */
export function codeOfStatus(status: number): ErrorCode {
  return codesByStatus.get(status) ?? 'upstream_error';
}

/** The code for an error code of Node.js, for a failure without an answer. Other errors are bugs of the proxy: `internal`. */
export function codeOfSystemError(code: unknown): ErrorCode {
  if (typeof code !== 'string') return 'internal';
  return unreachable.test(code) ? 'upstream_unavailable' : 'upstream_error';
}

/** The error of an exception frame. `type` is as on the wire, such as `validationException`; `payload` is JSON with a message. */
export function errorOfException(type: string, payload: Uint8Array): ProxyError {
  const name = type.charAt(0).toUpperCase() + type.slice(1);
  return upstreamError(codeOfName(name) ?? 'upstream_error', namedError(name, messageOf(payload)), {
    upstream: { name, exceptionType: type },
  });
}

/** The error of a frame that the event stream marks as an error. */
export function errorOfFrame(code: string, message: string): ProxyError {
  return upstreamError('upstream_error', namedError(code, message), { upstream: { name: code } });
}

/** An error of the model host. The client receives its message, cleaned, only if that helps to fix the request. */
export function upstreamError(
  code: ErrorCode,
  cause: Error,
  options: Omit<ProxyErrorOptions, 'cause'> = {},
): ProxyError {
  const message = cleanMessage(cause.message);
  return new ProxyError(code, {
    ...options,
    cause,
    ...(options.upstream && { upstream: { ...options.upstream, ...(message !== '' && { message }) } }),
    ...(code === 'upstream_validation' && message !== '' && { message }),
  });
}

function messageOf(payload: Uint8Array): string {
  const { message, Message } = parse(payload);
  if (typeof message === 'string') return message;
  // Without a sentence, the bytes themselves are the only clue.
  return typeof Message === 'string' ? Message : Buffer.from(payload).toString('utf8');
}

function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** An error that the SDK throws. */
interface SdkError extends Error {
  readonly $metadata?: ResponseMetadata;
  readonly $response?: unknown;
  readonly code?: unknown;
}

/** The error for a call that failed before the answer began. */
export function refusalOf(error: unknown): ProxyError {
  if (!(error instanceof Error)) return new ProxyError('internal', { cause: error });
  const { $metadata = {}, $response }: SdkError = error;
  const headers = headersOf($response);
  const retryAfter = headers['retry-after'] ?? '';
  return upstreamError(codeOf(error), error, {
    meta: callMetaOf($metadata, headers),
    ...($metadata.httpStatusCode !== undefined && {
      upstream: { name: error.name, status: $metadata.httpStatusCode },
    }),
    ...(/^\d+(\.\d+)?$/.test(retryAfter) && { retryAfterSeconds: Math.ceil(Number(retryAfter)) }),
  });
}

function codeOf({ name, $metadata, code }: SdkError): ErrorCode {
  const named = codeOfName(name);
  if (named) return named;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined && status >= 300) return codeOfStatus(status);
  return codeOfSystemError(name === 'TimeoutError' ? 'ETIMEDOUT' : code);
}

/**
 * The error of a response with a status of 300 or more. Its name comes from `x-amzn-errortype` or else from the body, and its message from
 * the body. If the response has neither, as a page of a gateway, the name is `Unknown` and the message has the status.
 */
export function errorOfResponse(status: number, headers: ResponseHeaders, body: Uint8Array): Error {
  const document = parse(body);
  const sent = [headers['x-amzn-errortype'], document['code'], document['__type']].find(isText) ?? '';
  // `namespace#Name:http://where.it/is#defined`
  const name = sent.split(/[,:]/, 1).join('').replace(/^.*#/s, '') || 'Unknown';
  const message = [document['message'], document['Message']].find(isText);
  return Object.assign(new Error(message ?? `HTTP status ${status} without a reason`), {
    name,
    ...(retryable.has(name) && { $retryable: {} }),
    // The SDK corrects a wrong clock with this value if the response has no date.
    ...(isText(document['ServerTime']) && { ServerTime: document['ServerTime'] }),
  });
}

/** Exceptions that the service model marks as retryable with any status. */
const retryable: ReadonlySet<string> = new Set(['ModelNotReadyException']);

/** The members of a JSON object; none for anything else, such as the page of a gateway. */
function parse(body: Uint8Array): JsonObject {
  try {
    const document: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return isJsonObject(document) ? document : {};
  } catch {
    return {};
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
