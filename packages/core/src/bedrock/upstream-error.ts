import type { ResponseHeaders } from '../aws/create-http-transport.js';
import { cleanMessage } from '../errors/clean-message.js';
import type { ErrorCode } from '../errors/error-kinds.js';
import { codeOfHostFailure, hostMessage, isAboutGuardrail } from '../errors/host-failure.js';
import { ProxyError, type ProxyErrorOptions, type UpstreamFailure } from '../errors/proxy-error.js';
import { countAt, isJsonObject, type JsonObject, stringAt } from '../models/json-object.js';
import type { CallMeta } from '../ports/model-invoker.js';

/** The error codes of Node.js for a host that cannot be reached, or that disconnected before it answered. */
const unreachable =
  /^(?:E(?:NOTFOUND|AI_AGAIN|CONN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|PROTO)|ERR_(?:TLS|SSL)_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** The code for an error code of Node.js, for a failure without an answer. Other errors are bugs of the proxy: `internal`. */
export function codeOfSystemError(code: unknown): ErrorCode {
  if (typeof code !== 'string') return 'internal';
  return unreachable.test(code) ? 'upstream_unavailable' : 'upstream_error';
}

/** The error of an exception frame. `type` is as on the wire, such as `validationException`; `payload` is JSON with a message. */
export function errorOfException(type: string, payload: Uint8Array): ProxyError {
  const name = type.charAt(0).toUpperCase() + type.slice(1);
  const document = parse(payload);
  // Without a sentence, the bytes themselves are the only clue.
  const bytes = Buffer.from(payload.subarray(0, longestClue)).toString('utf8');
  const message = [document['message'], document['Message']].find(isString) ?? bytes;
  const original = originalOf(document);
  const code = codeOfHostFailure({ name, message, ...original }) ?? 'upstream_error';
  return upstreamError(code, namedError(name, message), { upstream: { name, exceptionType: type, ...original } });
}

const longestClue = 2_048;
const longestName = 256;

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
  const message = hostMessage(code, cause.message, options.upstream?.originalMessage);
  const shown = isAboutGuardrail(cause) ? '' : cleanMessage(cause.message);
  return new ProxyError(code, {
    ...(message !== undefined && { message }),
    ...options,
    ...(options.upstream && { upstream: { ...options.upstream, ...(shown !== '' && { message: shown }) } }),
    cause,
  });
}

function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** What the model told Bedrock, in the members of an exception. */
type Original = Pick<UpstreamFailure, 'originalStatusCode' | 'originalMessage' | 'resourceName'>;

function originalOf(document: JsonObject): Original {
  const originalStatusCode = countAt(document, 'originalStatusCode');
  const originalMessage = stringAt(document, 'originalMessage');
  const resourceName = stringAt(document, 'resourceName');
  return {
    ...(originalStatusCode !== undefined && { originalStatusCode }),
    ...(originalMessage !== undefined && { originalMessage }),
    ...(resourceName !== undefined && { resourceName }),
  };
}

/** The `$metadata` that the SDK adds to answers and errors. */
export interface ResponseMetadata {
  readonly httpStatusCode?: number | undefined;
  readonly requestId?: string | undefined;
  readonly attempts?: number | undefined;
}

/** An error that the SDK throws, or that `errorOfResponse` returns. */
interface SdkError extends Error, Original {
  readonly $metadata?: ResponseMetadata;
  readonly $response?: unknown;
  readonly code?: unknown;
}

/** The headers of a response; empty if the value is not a response. */
export function headersOf(response: unknown): ResponseHeaders {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return {};
  return response.headers as ResponseHeaders;
}

/** The seconds that the host asks to wait, from a number or an HTTP date, or from AWS's own header in milliseconds; undefined if it asks for none. Never negative. */
export function readRetryAfter(headers: ResponseHeaders): number | undefined {
  const milliseconds = String(headers['x-amz-retry-after'] ?? '');
  const value = String(headers['retry-after'] ?? '');
  if (value === '' && /^\d{1,15}$/.test(milliseconds)) return Number(milliseconds) / 1_000;
  if (/^\d{1,12}(?:\.\d{1,12})?$/.test(value)) return Number(value);
  const date = /^[A-Za-z]{3}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max((date - Date.now()) / 1_000, 0);
}

/** The error for a call that failed before the answer began, or while a whole answer was read. */
export function refusalOf(
  error: unknown,
  metaOf: (metadata: ResponseMetadata, headers: ResponseHeaders) => CallMeta,
): ProxyError {
  if (!(error instanceof Error)) return new ProxyError('internal', { cause: error });
  const { name, message: sentence, $metadata = {}, $response }: SdkError = error;
  const headers = headersOf($response);
  const retryAfterSeconds = readRetryAfter(headers);
  const message = missingSetting(name, sentence);
  const status = $metadata.httpStatusCode;
  return upstreamError(message === undefined ? codeOf(error) : 'upstream_denied', error, {
    ...(message !== undefined && { message }),
    meta: metaOf($metadata, headers),
    ...(status !== undefined && status >= 300 && { upstream: { name, status, ...originalOf({ ...error }) } }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds: Math.ceil(retryAfterSeconds) }),
  });
}

/** The code for an error of the SDK. An accepted answer that fails was cut off while it was read. */
export function codeOf({ name, message, $metadata, code, originalStatusCode }: SdkError): ErrorCode {
  const status = $metadata?.httpStatusCode;
  const told = codeOfHostFailure({ name, message, status, originalStatusCode });
  if (told) return told;
  if (status !== undefined) return 'upstream_truncated';
  return codeOfSystemError(name === 'TimeoutError' ? 'ETIMEDOUT' : code);
}

/** The message for a request that could not be sent because a setting is missing; undefined for any other failure. */
function missingSetting(name: string, sentence: string): string | undefined {
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') return missingCredentials;
  return /^Region (?:is missing|not accepted)/.test(sentence) ? missingRegion : undefined;
}

const missingCredentials =
  'No usable AWS credentials were found for the call to Bedrock. Give the function a role, or set AWS_PROFILE, AWS_ACCESS_KEY_ID or AWS_BEARER_TOKEN_BEDROCK where this code runs.';
const missingRegion =
  'No valid AWS Region is set for the call to Bedrock. Set AWS_REGION, or the region of the Bedrock invoker.';

/**
 * The error of a response with a status of 300 or more. Its name comes from `x-amzn-errortype` or else from the body, and its message from
 * the body. If the response has neither, as a page of a gateway, the name is `Unknown` and the message has the status.
 */
export function errorOfResponse(status: number, headers: ResponseHeaders, body: Uint8Array): Error {
  const document = parse(body);
  const sent = [headers['x-amzn-errortype'], document['code'], document['__type']].find(isText) ?? '';
  // `namespace#Name:http://where.it/is#defined`
  const name = sent.slice(0, longestName).split(/[,:]/, 1).join('').replace(/^.*#/s, '') || 'Unknown';
  const message = [document['message'], document['Message']].find(isText);
  return Object.assign(new Error(message ?? `HTTP status ${status} without a reason`), {
    name,
    ...originalOf(document),
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

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
