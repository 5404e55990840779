interface ErrorKind {
  /** Whether the same request may succeed when it is sent again. */
  readonly retryable: boolean;
  /** The level at which the log reports it: `error` is for the operator, `warn` for something that a client can correct. */
  readonly logLevel: 'warn' | 'error';
  /** Seconds to wait before that, where the host named none. */
  readonly retryAfterSeconds?: number;
  /** What the client reads where nothing more precise is known. */
  readonly message: string;
}

/** Every way in which a request can fail, with what the client is told. The list is closed. */
export const errorKinds = {
  invalid_json: {
    logLevel: 'warn',
    retryable: false,
    message: 'The body is not a JSON object in UTF-8. Send one; look at its quotes and commas first.',
  },
  invalid_request: {
    logLevel: 'warn',
    retryable: false,
    message: 'Part of the request is missing, doubled, of the wrong type or not supported. Mend what issues names.',
  },
  invalid_model: {
    logLevel: 'warn',
    retryable: false,
    message:
      'modelId is not a model id, an inference-profile id or an ARN of bedrock or sagemaker. Copy it from the Bedrock console.',
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
    message: 'Bedrock refused the payload as invalid for this model. Correct it.',
  },
  missing_token: {
    logLevel: 'warn',
    retryable: false,
    message: 'Send a token, as Authorization: Bearer <token> or as x-api-key: <token>.',
  },
  invalid_token: {
    logLevel: 'warn',
    retryable: false,
    message: 'The token is not accepted. Ask the operator of this proxy for a valid one.',
  },
  model_not_allowed: {
    logLevel: 'warn',
    retryable: false,
    message: 'This caller may not use this model. Choose another, or ask the operator of this proxy to allow it.',
  },
  stream_not_allowed: {
    logLevel: 'warn',
    retryable: false,
    message: 'This caller may not stream. Send the request with "stream": false.',
  },
  ip_not_allowed: {
    logLevel: 'warn',
    retryable: false,
    message: 'Requests from this address are not allowed. Ask the operator of this proxy to allow it.',
  },
  not_found: {
    logLevel: 'warn',
    retryable: false,
    message: 'Nothing answers at this path. POST to any path outside /v1 and /model.',
  },
  method_not_allowed: {
    logLevel: 'warn',
    retryable: false,
    message: 'Only POST is answered here. Send the request as a POST with a JSON body.',
  },
  model_not_priced: {
    logLevel: 'warn',
    retryable: false,
    message: 'This caller has a limit in money, and the model has no price. Ask the operator of this proxy to set one.',
  },
  model_not_found: {
    logLevel: 'warn',
    retryable: false,
    message: 'Bedrock does not know this model in its region. Check modelId and the region of this proxy.',
  },
  body_too_large: {
    logLevel: 'warn',
    retryable: false,
    message: 'The body is over the limit of this proxy. Send less.',
  },
  throttled: {
    logLevel: 'warn',
    retryable: true,
    retryAfterSeconds: 1,
    message: 'Bedrock is throttling this model. Wait and send again.',
  },
  quota_exceeded: {
    logLevel: 'warn',
    retryable: false,
    retryAfterSeconds: 60,
    message: 'A Bedrock quota of this account is used up. Wait, or ask the operator of this proxy to raise it.',
  },
  rate_limited: {
    logLevel: 'warn',
    retryable: true,
    retryAfterSeconds: 1,
    message: 'A limit of this proxy is reached. Wait and send again.',
  },
  budget_exceeded: {
    logLevel: 'warn',
    retryable: false,
    message: 'A budget of this proxy is used up. Ask its operator to raise it, or wait for the next period.',
  },
  internal: {
    logLevel: 'error',
    retryable: false,
    message: 'The proxy failed. Report the request id to its operator.',
  },
  upstream_error: { logLevel: 'error', retryable: true, message: 'The model failed while it answered. Send again.' },
  upstream_denied: {
    logLevel: 'error',
    retryable: false,
    message:
      "Bedrock refused this function's role or model access; see the log under this request id, or send the id to the operator of this proxy.",
  },
  upstream_truncated: {
    logLevel: 'error',
    retryable: true,
    message: 'The answer broke off before the model had ended it. What was received is incomplete; send again.',
  },
  response_too_large: {
    logLevel: 'error',
    retryable: false,
    message: 'The answer is too large to be sent in one piece. Ask for fewer tokens, or use a streaming endpoint.',
  },
  unsupported_stream: {
    logLevel: 'error',
    retryable: false,
    message: 'The model streamed no text in a shape that is known. Send the request with "stream": false.',
  },
  model_not_ready: {
    logLevel: 'error',
    retryable: true,
    retryAfterSeconds: 10,
    message: 'The model is being loaded. Wait and send again.',
  },
  upstream_unavailable: {
    logLevel: 'error',
    retryable: true,
    retryAfterSeconds: 1,
    message: 'Bedrock cannot be reached or is overloaded. Wait and send again.',
  },
  auth_unavailable: {
    logLevel: 'error',
    retryable: true,
    retryAfterSeconds: 5,
    message: 'The tokens cannot be checked right now. Wait and send again.',
  },
  limits_unavailable: {
    logLevel: 'error',
    retryable: true,
    retryAfterSeconds: 5,
    message: 'The limits of this proxy cannot be checked right now. Wait and send again.',
  },
  upstream_timeout: {
    logLevel: 'error',
    retryable: true,
    message: 'The model took too long. Send again, or ask for less.',
  },
  deadline_exceeded: {
    logLevel: 'error',
    retryable: true,
    message:
      "The answer did not end before the timeout of this function or its gateway. Ask for less, use a streaming endpoint, or have the operator raise the function's timeout.",
  },
} as const satisfies Record<string, ErrorKind>;

/** The codes that a client can read in `error.code`. */
export type ErrorCode = keyof typeof errorKinds;

/** Everything `code` can say in the log: two ways out are never seen by a client. */
export type LogCode = ErrorCode | 'client_closed' | 'client_stalled';

/** What the table says of a code. */
export function errorKind(code: ErrorCode): ErrorKind {
  return errorKinds[code];
}
