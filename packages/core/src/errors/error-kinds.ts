interface ErrorKind {
  /** Whether a retry of the same request may succeed. */
  readonly retryable: boolean;
  /** The level of the log line: `error` if the operator must act, `warn` if a client can fix it. */
  readonly logLevel: 'warn' | 'error';
  /** Seconds to wait before a retry, if the host gave no time. */
  readonly retryAfterSeconds?: number;
  /** The default message for the client. */
  readonly message: string;
  /**
   * Whether the client is shown the sentence of the host, instead of the message or after it. Such a sentence may quote the request, so
   * the log has no more of it than the client.
   */
  readonly quotesHost?: 'instead' | 'after';
}

/** What the id of a model on Bedrock looks like. */
export const modelIdAdvice =
  'A model id of Bedrock looks like amazon.nova-lite-v1:0 or, for an inference profile, eu.amazon.nova-lite-v1:0.';

/** All error codes, with their properties and default messages. The list is closed. */
export const errorKinds = {
  invalid_json: {
    logLevel: 'warn',
    retryable: false,
    message: 'The body is not a JSON object in UTF-8. Check its quotes and commas.',
  },
  invalid_request: {
    logLevel: 'warn',
    retryable: false,
    message:
      'Part of the request is missing, duplicated, of the wrong type or not supported. Fix the fields that issues lists.',
  },
  invalid_model: {
    logLevel: 'warn',
    retryable: false,
    message: `The model is not a model id, an inference-profile id or an ARN of bedrock or sagemaker. Copy the id from the Bedrock console. ${modelIdAdvice}`,
  },
  unsupported_parameter: {
    logLevel: 'warn',
    retryable: false,
    message: 'The request has a parameter that this proxy does not support. Leave it out.',
  },
  unsupported_content: {
    logLevel: 'warn',
    retryable: false,
    message: 'The request has content that this proxy does not support. Send it in another form, or leave it out.',
  },
  upstream_validation: {
    logLevel: 'warn',
    retryable: false,
    message: 'Bedrock refused the payload as invalid for this model. Fix the payload.',
    quotesHost: 'instead',
  },
  missing_token: {
    logLevel: 'warn',
    retryable: false,
    message: 'The request has no token. Send one as Authorization: Bearer <token> or as x-api-key: <token>.',
  },
  invalid_token: {
    logLevel: 'warn',
    retryable: false,
    message: 'The token is not accepted. Ask the operator of this proxy for a valid one.',
  },
  model_not_allowed: {
    logLevel: 'warn',
    retryable: false,
    message:
      'This caller may not use this model. Choose another model, or ask the operator of this proxy to allow this one.',
  },
  stream_not_allowed: {
    logLevel: 'warn',
    retryable: false,
    message: 'This caller may not stream. Ask without streaming.',
  },
  ip_not_allowed: {
    logLevel: 'warn',
    retryable: false,
    message: 'Requests from this address are not allowed. Ask the operator of this proxy to allow it.',
  },
  not_found: {
    logLevel: 'warn',
    retryable: false,
    message: 'Nothing answers at this path. Check the path against the documentation of this proxy.',
  },
  method_not_allowed: {
    logLevel: 'warn',
    retryable: false,
    message: 'The method is not allowed for this path. Most paths take POST with a JSON body.',
  },
  model_not_priced: {
    logLevel: 'warn',
    retryable: false,
    message:
      'This caller has a limit in money, but this model has no price. Ask the operator of this proxy to set one.',
  },
  model_not_found: {
    logLevel: 'warn',
    retryable: false,
    message: `Bedrock does not know this model in this region. Check the model id and the region. ${modelIdAdvice}`,
    quotesHost: 'after',
  },
  body_too_large: {
    logLevel: 'warn',
    retryable: false,
    message: 'The body is over the size limit of this proxy. Send a smaller body.',
  },
  throttled: {
    logLevel: 'warn',
    retryable: true,
    retryAfterSeconds: 1,
    message: 'Bedrock is throttling this model. Wait, then retry.',
  },
  quota_exceeded: {
    logLevel: 'warn',
    retryable: false,
    retryAfterSeconds: 60,
    message: 'A Bedrock quota of this AWS account is used up. Wait until it is restored, or have it raised.',
  },
  rate_limited: {
    logLevel: 'warn',
    retryable: true,
    retryAfterSeconds: 1,
    message: 'A limit of this proxy is reached. Wait, then retry.',
  },
  budget_exceeded: {
    logLevel: 'warn',
    retryable: false,
    message:
      'A budget of this proxy is used up. Ask the operator of this proxy to raise it, or wait for the next period.',
  },
  internal: {
    logLevel: 'error',
    retryable: false,
    message: 'The proxy failed unexpectedly. The reason is in the log of the proxy or in the cause of the error.',
  },
  upstream_error: { logLevel: 'error', retryable: true, message: 'The model failed while it answered. Retry.' },
  upstream_denied: {
    logLevel: 'error',
    retryable: false,
    message:
      'Bedrock refused the credentials of this proxy or its access to the model. The reason is in the log of the proxy or in the cause of the error.',
  },
  upstream_truncated: {
    logLevel: 'error',
    retryable: true,
    message: 'The answer broke off before the model ended it. The received text is incomplete. Retry.',
  },
  response_too_large: {
    logLevel: 'error',
    retryable: false,
    message: 'The answer is too large to be sent in one piece. Ask for fewer tokens, or use a streaming endpoint.',
  },
  unsupported_stream: {
    logLevel: 'error',
    retryable: false,
    message: 'The model streamed no text in a known format. Ask without streaming.',
  },
  model_not_ready: {
    logLevel: 'error',
    retryable: true,
    retryAfterSeconds: 10,
    message: 'The model is still loading. Wait, then retry.',
  },
  upstream_unavailable: {
    logLevel: 'error',
    retryable: true,
    retryAfterSeconds: 1,
    message: 'Bedrock cannot be reached or is overloaded. Wait, then retry.',
  },
  auth_unavailable: {
    logLevel: 'error',
    retryable: true,
    retryAfterSeconds: 5,
    message: 'Tokens cannot be checked right now. Wait, then retry.',
  },
  limits_unavailable: {
    logLevel: 'error',
    retryable: true,
    retryAfterSeconds: 5,
    message: 'The limits of this proxy cannot be checked right now. Wait, then retry.',
  },
  upstream_timeout: {
    logLevel: 'error',
    retryable: true,
    message: 'The model took too long. Retry, or ask for a shorter answer.',
  },
  deadline_exceeded: {
    logLevel: 'error',
    retryable: true,
    message:
      'The answer did not end before its deadline: the timeout of this function, or of the gateway in front of it. Ask for a shorter answer, use a streaming endpoint, or set a longer timeout.',
  },
} as const satisfies Record<string, ErrorKind>;

/** A code that a client can receive in `error.code`. */
export type ErrorCode = keyof typeof errorKinds;

/** A value of `code` in the log. The two codes without a client occur only there. */
export type LogCode = ErrorCode | 'client_closed' | 'client_stalled';

/** The properties of a code. */
export function errorKind(code: ErrorCode): ErrorKind {
  return errorKinds[code];
}
