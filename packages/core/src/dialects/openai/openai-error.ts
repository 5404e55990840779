import type { ErrorCode } from '../../errors/error-kinds.js';
import type { ProxyError } from '../../errors/proxy-error.js';
import type { PlainAnswer } from '../dialect.js';
import { escapeLineBreaks } from '../escape-line-breaks.js';
import { plainRefusal, statusOf } from '../plain-refusal.js';

/** OpenAI's word for each code; empty if it is the code itself. */
const words: Readonly<Record<ErrorCode, string>> = {
  invalid_json: '',
  invalid_request: '',
  invalid_model: '',
  unsupported_parameter: '',
  unsupported_content: '',
  upstream_validation: '',
  missing_token: 'invalid_api_key',
  invalid_token: 'invalid_api_key',
  model_not_allowed: '',
  stream_not_allowed: '',
  ip_not_allowed: '',
  not_found: '',
  method_not_allowed: '',
  model_not_priced: '',
  model_not_found: '',
  body_too_large: '',
  throttled: 'rate_limit_exceeded',
  quota_exceeded: 'insufficient_quota',
  rate_limited: 'rate_limit_exceeded',
  budget_exceeded: 'insufficient_quota',
  internal: '',
  upstream_error: '',
  upstream_denied: '',
  upstream_truncated: '',
  response_too_large: '',
  unsupported_stream: '',
  model_not_ready: '',
  upstream_unavailable: '',
  auth_unavailable: '',
  limits_unavailable: '',
  upstream_timeout: '',
  deadline_exceeded: '',
};

/** Bedrock's sentences for a prompt that does not fit the model. Clients shorten the conversation if they read the code for it. */
const tooLong =
  /(input|prompt|request) (is )?too long|too many (input )?tokens|context (window|length|limit)|maximum (context|input)/i;

/** The error object of OpenAI's API. */
export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  /** The place in the request that is wrong, such as `messages[0].content`. */
  readonly param: string | null;
  readonly code: string;
}

/** An error as OpenAI's API shows it. */
export function openAiError({ code, message, issues }: ProxyError): OpenAiError {
  const word = words[code] || code;
  const status = statusOf(code);
  return {
    message: issues?.map((issue) => `${issue.path}: ${issue.message}`).join(' ') ?? message,
    type: typeOf(status, word),
    param: issues?.[0]?.path ?? null,
    code: code === 'upstream_validation' && tooLong.test(message) ? 'context_length_exceeded' : word,
  };
}

/** The body of a refusal, and the data of the event that ends a broken stream: `{"error":{…}}` in one line. */
export function openAiErrorBody(error: ProxyError): string {
  return escapeLineBreaks(JSON.stringify({ error: openAiError(error) }));
}

/** A refusal. OpenAI's clients repeat a request after many statuses, unless a header forbids it. */
export function openAiRefusal(error: ProxyError): PlainAnswer {
  const { headers, ...answer } = plainRefusal(error, openAiErrorBody(error));
  return { ...answer, headers: error.retryable ? headers : { ...headers, 'x-should-retry': 'false' } };
}

function typeOf(status: number, word: string): string {
  if (status < 429) return 'invalid_request_error';
  if (status > 429) return 'server_error';
  return word === 'insufficient_quota' ? word : 'rate_limit_error';
}
