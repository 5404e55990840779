import type { ErrorCode } from '../errors/error-codes.js';
import { ProxyError, type ProxyErrorOptions } from '../errors/proxy-error.js';
import { isJsonObject, type JsonObject } from '../models/json-object.js';
import { callMetaOf, headersOf, type ResponseHeaders, type ResponseMetadata } from './call-meta.js';
import { cleanMessage } from './clean-message.js';

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

/** What Node calls a host that cannot be reached, or one that broke off before it answered. */
const unreachable =
  /^(?:E(?:NOTFOUND|AI_AGAIN|CONN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|PROTO)|ERR_(?:TLS|SSL)_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** The code for one of Bedrock's exception names; undefined for a name that is not known. */
export function codeOfName(name: string): ErrorCode | undefined {
  return codesByName.get(name);
}

/** The code for a refusal that gives no known name, by its HTTP status. */
export function codeOfStatus(status: number): ErrorCode {
  return codesByStatus.get(status) ?? 'upstream_error';
}

/** The code for a failure without an answer, by Node's own error code. Without one it is a mistake of ours. */
export function codeOfSystemError(code: unknown): ErrorCode {
  if (typeof code !== 'string') return 'internal';
  return unreachable.test(code) ? 'upstream_unavailable' : 'upstream_error';
}

/** The error of an exception frame: `validationException` on the wire, with a JSON payload that holds its sentence. */
export function errorOfException(type: string, payload: Uint8Array): ProxyError {
  const name = type.charAt(0).toUpperCase() + type.slice(1);
  return upstreamError(codeOfName(name) ?? 'upstream_error', namedError(name, sentenceOf(payload)), {
    upstream: { name, exceptionType: type },
  });
}

/** The error of a frame that the transport itself marks as one. */
export function errorOfFrame(code: string, message: string): ProxyError {
  return upstreamError('upstream_error', namedError(code, message), { upstream: { name: code } });
}

/** An error of the model host. Its cleaned sentence is the error's own only if it helps to correct the request. */
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

function sentenceOf(payload: Uint8Array): string {
  const { message, Message } = parse(payload);
  if (typeof message === 'string') return message;
  // Without a sentence, the bytes themselves are the only clue.
  return typeof Message === 'string' ? Message : Buffer.from(payload).toString('utf8');
}

function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** What the SDK puts on the errors that it throws. */
interface SdkError extends Error {
  readonly $metadata?: ResponseMetadata;
  readonly $response?: unknown;
  readonly code?: unknown;
}

/** The error for a call that Bedrock, or the way to it, refused before the answer began. */
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
 * The error of an answer of 300 or more: under the name that Bedrock gives it in `x-amzn-errortype` or, failing that, in the body, and
 * with the sentence of the body. A body without either, such as a gateway's page, is named by its status alone.
 */
export function errorOfResponse(status: number, headers: ResponseHeaders, body: Uint8Array): Error {
  const document = parse(body);
  const sent = [headers['x-amzn-errortype'], document['code'], document['__type']].find(isText) ?? '';
  // `namespace#Name:http://where.it/is#defined`
  const name = sent.split(/[,:]/, 1).join('').replace(/^.*#/s, '') || 'Unknown';
  const sentence = [document['message'], document['Message']].find(isText);
  return Object.assign(new Error(sentence ?? `HTTP status ${status} without a reason`), {
    name,
    ...(retryable.has(name) && { $retryable: {} }),
    // By this a wrong clock is set right where the answer has no date.
    ...(isText(document['ServerTime']) && { ServerTime: document['ServerTime'] }),
  });
}

/** What the service's model says is worth another attempt, whatever its status. */
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
