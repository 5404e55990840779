import { cleanMessage } from './clean-message.js';
import { type ErrorCode, errorKind, modelIdAdvice } from './error-kinds.js';

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
  [401, 'upstream_denied'],
  [403, 'upstream_denied'],
  [404, 'model_not_found'],
  [408, 'upstream_timeout'],
  [429, 'throttled'],
  [503, 'upstream_unavailable'],
  [504, 'upstream_timeout'],
]);

/** The code for an exception name of Bedrock; undefined if the name is unknown. */
export function codeOfName(name: string): ErrorCode | undefined {
  return codesByName.get(name);
}

/** The code for the HTTP status of a refusal without a known name. */
export function codeOfStatus(status: number): ErrorCode {
  return codesByStatus.get(status) ?? (isClientError(status) ? 'upstream_validation' : 'upstream_error');
}

/** The code for the status that a model gave: in a chunk, or behind an error of Bedrock. Its other refusals concern the host. */
export function codeOfModelStatus(status: number | undefined): ErrorCode {
  if (status === 429) return 'throttled';
  return status !== undefined && isClientError(status) ? 'upstream_validation' : 'upstream_error';
}

function isClientError(status: number): boolean {
  return status >= 400 && status < 500;
}

/** A failure in the words of the host. */
export interface HostFailure {
  /** The exception, such as `ThrottlingException`. */
  readonly name: string;
  readonly message: string;
  /** The HTTP status, if the host refused the request. */
  readonly status?: number | undefined;
  /** The status that the model gave to Bedrock. */
  readonly originalStatusCode?: number | undefined;
}

const longQuota = /\bper[ -](?:day|month)\b|\b(?:daily|monthly)\b/i;
const guardrailFailures: ReadonlySet<string> = new Set([
  'ValidationException',
  'AccessDeniedException',
  'ResourceNotFoundException',
]);
const guardrailWord = /\bguardrail(?:s|identifier|version)?\b/i;

/** Whether a failure concerns the guardrail of a call. The operator has set it, so its words are for the log alone. */
export function isAboutGuardrail({ name, message }: Pick<HostFailure, 'name' | 'message'>): boolean {
  return guardrailFailures.has(name) && guardrailWord.test(message);
}

const forOperator = /\bLegacy\b|\buse[ -]case details\b/;

/** The code of a failure, by its name, then its status, then its sentence; undefined if it has neither a known name nor a status. */
export function codeOfHostFailure({ name, message, status, originalStatusCode }: HostFailure): ErrorCode | undefined {
  if (isAboutGuardrail({ name, message })) return 'upstream_denied';
  const code = codeOfName(name) ?? (status === undefined || status < 300 ? undefined : codeOfStatus(status));
  // A quota of a day is not back after the pause of a retry.
  if (code === 'throttled' && longQuota.test(message)) return 'quota_exceeded';
  if (code === 'model_not_found' && forOperator.test(message)) return 'upstream_denied';
  const isOfModel = name === 'ModelErrorException' || name === 'ModelStreamErrorException';
  return isOfModel ? codeOfModelStatus(originalStatusCode) : code;
}

const invalidModelId = /model identifier is invalid/i;

/**
 * The message for a client from the sentences of the host, cleaned. Undefined for a code whose message does not quote the host, and if
 * nothing is left of the sentences.
 */
export function hostMessage(code: ErrorCode, ...sentences: readonly (string | undefined)[]): string | undefined {
  const { quotesHost, message } = errorKind(code);
  if (quotesHost === undefined) return undefined;
  const cleaned = sentences.map((sentence) => cleanMessage(sentence ?? '')).filter((sentence) => sentence !== '');
  if (cleaned.length === 0) return undefined;
  const quoted = cleaned.join(' ');
  if (quotesHost === 'after') return `${message} ${quoted}`;
  return invalidModelId.test(quoted) ? `${quoted} ${modelIdAdvice}` : quoted;
}
