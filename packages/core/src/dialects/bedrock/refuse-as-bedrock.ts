import type { ErrorCode } from '../../errors/error-kinds.js';
import type { ProxyError, UpstreamFailure } from '../../errors/proxy-error.js';
import type { PlainAnswer } from '../dialect.js';

interface Refusal {
  readonly status: number;
  /** Of the exception. */
  readonly name: string;
}

const as = (status: number, name: string): Refusal => ({ status, name: `${name}Exception` });
const validation = as(400, 'Validation');
const accessDenied = as(403, 'AccessDenied');
const throttling = as(429, 'Throttling');
// Bedrock's own status for it: the SDKs would send a 429 again.
const quota = as(400, 'ServiceQuotaExceeded');
const unavailable = as(503, 'ServiceUnavailable');
const timeout = as(504, 'ModelTimeout');
const internal = as(500, 'InternalServer');

const refusals: Readonly<Record<ErrorCode, Refusal>> = {
  invalid_json: validation,
  invalid_request: validation,
  invalid_model: validation,
  unsupported_parameter: validation,
  unsupported_content: validation,
  upstream_validation: validation,
  response_too_large: validation,
  unsupported_stream: validation,
  body_too_large: { ...validation, status: 413 },
  missing_token: accessDenied,
  invalid_token: accessDenied,
  ip_not_allowed: accessDenied,
  model_not_allowed: accessDenied,
  stream_not_allowed: accessDenied,
  model_not_priced: accessDenied,
  not_found: as(404, 'UnknownOperation'),
  method_not_allowed: as(405, 'UnknownOperation'),
  model_not_found: as(404, 'ResourceNotFound'),
  throttled: throttling,
  rate_limited: throttling,
  model_not_ready: as(429, 'ModelNotReady'),
  quota_exceeded: quota,
  budget_exceeded: quota,
  // The SDKs would send a 5xx again.
  upstream_denied: as(424, 'ModelError'),
  upstream_unavailable: unavailable,
  auth_unavailable: unavailable,
  limits_unavailable: unavailable,
  upstream_timeout: timeout,
  deadline_exceeded: timeout,
  upstream_error: internal,
  upstream_truncated: internal,
  internal,
};

/** The statuses of exceptions that come without one, in a frame, if they differ from those of their code. */
const frameStatuses: Readonly<Record<string, number>> = {
  ModelErrorException: 424,
  ModelStreamErrorException: 424,
  ModelTimeoutException: 408,
};

/** A failure before the first frame, as Bedrock tells it: under Bedrock's own name and status if Bedrock refused the call. */
export function refuseAsBedrock(error: ProxyError, requestId: string): PlainAnswer {
  const { upstream, retryAfterSeconds, meta } = error;
  const named = upstream && nameOf(error.code, upstream);
  const { status, name } = named ?? refusals[error.code];
  const message = named && upstream?.message !== undefined ? upstream.message : sentenceOf(error);
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-amzn-errortype': name,
      'x-amzn-requestid': meta?.upstreamRequestId ?? requestId,
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
      ...(error.code === 'budget_exceeded' && { 'x-should-retry': 'false' }),
      ...(error.code === 'method_not_allowed' && { allow: 'POST, OPTIONS' }),
    },
    body: JSON.stringify({ message }),
  };
}

/** Bedrock's own name and status; undefined if they are not for the client, or are none. */
function nameOf(code: ErrorCode, { name, status, exceptionType }: UpstreamFailure): Refusal | undefined {
  // What the operator must correct; clients choose another model by these two names.
  const isDenied = code === 'upstream_denied' && !/^(?:AccessDenied|ResourceNotFound)Exception$/.test(name);
  if (isDenied || !/^[A-Z]\w*Exception$/.test(name)) return undefined;
  if (exceptionType !== undefined) return { name, status: frameStatuses[name] ?? refusals[code].status };
  return status !== undefined && status >= 400 && status < 600 ? { name, status } : undefined;
}

/** The sentence of an error; what is wrong with a request is in it, because this API has no list of issues. */
function sentenceOf({ message, issues = [] }: ProxyError): string {
  return issues.length === 0 ? message : issues.map((issue) => `${issue.path}: ${issue.message}`).join(' ');
}
