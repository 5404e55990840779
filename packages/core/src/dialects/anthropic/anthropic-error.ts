import { cleanMessage } from '../../errors/clean-message.js';
import type { ErrorCode } from '../../errors/error-kinds.js';
import type { ProxyError } from '../../errors/proxy-error.js';
import { isJsonObject, type JsonObject, objectAt, stringAt } from '../../models/json-object.js';
import type { PlainAnswer } from '../dialect.js';
import { plainRefusal } from '../plain-refusal.js';

/** A status, and the type that Anthropic gives an error of that kind. */
type ErrorKind = readonly [status: number, type: string];

const invalid: ErrorKind = [400, 'invalid_request_error'];
const unauthenticated: ErrorKind = [401, 'authentication_error'];
const forbidden: ErrorKind = [403, 'permission_error'];
const unknown: ErrorKind = [404, 'not_found_error'];
const limited: ErrorKind = [429, 'rate_limit_error'];
const failed: ErrorKind = [502, 'api_error'];
const unavailable: ErrorKind = [503, 'api_error'];
const late: ErrorKind = [504, 'timeout_error'];
const overloaded: ErrorKind = [529, 'overloaded_error'];

const kinds: Readonly<Record<ErrorCode, ErrorKind>> = {
  invalid_json: invalid,
  invalid_request: invalid,
  invalid_model: invalid,
  unsupported_parameter: invalid,
  unsupported_content: invalid,
  upstream_validation: invalid,
  missing_token: unauthenticated,
  invalid_token: unauthenticated,
  ip_not_allowed: forbidden,
  stream_not_allowed: forbidden,
  // Claude Code reads a 403 as a failed login, and a 404 as a matter of the model.
  model_not_allowed: unknown,
  model_not_priced: unknown,
  model_not_found: unknown,
  not_found: unknown,
  method_not_allowed: [405, 'invalid_request_error'],
  body_too_large: [413, 'request_too_large'],
  throttled: limited,
  quota_exceeded: limited,
  rate_limited: limited,
  budget_exceeded: limited,
  internal: [500, 'api_error'],
  upstream_error: failed,
  upstream_denied: failed,
  upstream_truncated: failed,
  response_too_large: failed,
  unsupported_stream: failed,
  auth_unavailable: unavailable,
  limits_unavailable: unavailable,
  upstream_timeout: late,
  deadline_exceeded: late,
  upstream_unavailable: overloaded,
  model_not_ready: overloaded,
};

/** A longer wait ends the retries of Claude Code. */
const longestWaitSeconds = 60;

/** The plain answer for a failure, as Anthropic's API gives it. */
export function anthropicRefusal(error: ProxyError, requestId: string): PlainAnswer {
  const { headers, body } = plainRefusal(error, anthropicError(error, requestId));
  const { retryAfterSeconds } = error;
  return {
    status: kinds[error.code][0],
    headers: {
      ...headers,
      ...(retryAfterSeconds !== undefined && {
        'retry-after': String(Math.min(Math.ceil(retryAfterSeconds), longestWaitSeconds)),
      }),
      'request-id': requestId,
      'x-should-retry': String(error.retryable),
    },
    body,
  };
}

/** The object that a client reads if a request failed, in one line. */
export function anthropicError(error: ProxyError, requestId: string): string {
  const [, type] = kinds[error.code];
  return JSON.stringify({ type: 'error', error: { type, message: sentenceOf(error) }, request_id: requestId });
}

function sentenceOf(error: ProxyError): string {
  const { issues, code, message } = error;
  if (issues) return issues.map((issue) => `${issue.path}: ${issue.message}`).join(' ');
  // What is wrong with the role of the function is for its operator.
  const reported = code === 'upstream_denied' ? undefined : reportedError(error);
  return (reported && cleanMessage(reported.message)) || message;
}

/** An error that Claude reported in an ordinary chunk. */
export interface ReportedError {
  readonly chunk: Uint8Array;
  readonly value: JsonObject;
  readonly message: string;
}

/** The error that Claude reported in a chunk of its own; undefined for any other failure. */
export function reportedError({ upstream }: ProxyError): ReportedError | undefined {
  if (!upstream?.chunk) return undefined;
  const value: unknown = JSON.parse(new TextDecoder().decode(upstream.chunk));
  const message = stringAt(objectAt(value, 'error'), 'message');
  if (!isJsonObject(value) || value.type !== 'error' || message === undefined) return undefined;
  return { chunk: upstream.chunk, value, message };
}
