import type { ErrorCode, LogCode } from '@bedrock-proxy/core';

/** When a code is seen, and what whoever sees it does now. */
export interface ErrorAdvice {
  readonly when: string;
  readonly remedy: string;
}

/** Every code that a client can read: one that is missing does not compile. */
export const errorAdvice: Readonly<Record<ErrorCode, ErrorAdvice>> = {
  invalid_json: {
    when: 'the body is no JSON object in UTF-8, or is nested more than 64 deep',
    remedy: 'mend the body; look at its quotes and commas first',
  },
  invalid_request: {
    when: 'a member is missing, doubled or of the wrong type, there is more than one `Authorization`, or a header such as `x-amzn-bedrock-guardrailidentifier` asks for what is not passed on',
    remedy: 'mend what `issues` names by its path',
  },
  invalid_model: {
    when: '`modelId` is no model id, inference-profile id or ARN of `bedrock` or `sagemaker`',
    remedy: 'copy the id from the Bedrock console',
  },
  upstream_validation: {
    when: 'Bedrock refused the payload; the message is its own sentence',
    remedy:
      'mend the payload for this model, or ask for an inference profile (`us.…`, `eu.…`) where the sentence says so',
  },
  missing_token: {
    when: 'no credential was sent',
    remedy: 'send `Authorization: Bearer <token>`, or `x-api-key: <token>`',
  },
  invalid_token: {
    when: 'the token is unknown, expired, disabled, or used from elsewhere; the answer never says which',
    remedy:
      'ask the operator for a valid one; the operator compares its SHA-256 with the records, and looks at `notBefore`, `expiresAt`, `disabled` and `ips`',
  },
  model_not_allowed: {
    when: 'the caller’s models, or `ALLOWED_MODELS`, leave this one out',
    remedy: 'use another model, or have it allowed',
  },
  stream_not_allowed: { when: 'the caller may not stream', remedy: 'send `"stream": false`' },
  ip_not_allowed: {
    when: 'the caller’s address is not among `ALLOWED_IPS`',
    remedy: 'have it added; the log has it as `sourceIp`',
  },
  not_found: { when: '`/v1/…` and `/model/…` are reserved', remedy: 'POST to any other path' },
  method_not_allowed: { when: 'the method is neither POST nor OPTIONS', remedy: 'POST a JSON body' },
  model_not_found: {
    when: 'Bedrock knows no such model in its region',
    remedy: 'check the id and `BEDROCK_REGION`',
  },
  body_too_large: { when: 'the body is over `MAX_BODY_BYTES`', remedy: 'send less, or raise the limit' },
  throttled: {
    when: 'Bedrock, or a policy, asks for a slower pace',
    remedy: 'wait for `Retry-After`, then send again',
  },
  quota_exceeded: { when: 'a quota is used up', remedy: 'have the quota raised; waiting may help too' },
  internal: {
    when: 'the proxy itself failed, or the event is of a kind that this function does not serve',
    remedy: 'look in the log under the request id; where the message names a handler, deploy that one',
  },
  upstream_error: { when: 'the model or Bedrock failed, or answered with what cannot be read', remedy: 'send again' },
  upstream_denied: {
    when: 'Bedrock refused the function’s role, its credentials or its access to the model',
    remedy:
      'look in the log under the request id: `request.error` has Bedrock’s own words; [allow the model](deploy.md#when-it-does-not-work) to the role',
  },
  upstream_truncated: {
    when: 'the answer broke off before the model had ended it',
    remedy: 'send again; what came is not the whole',
  },
  response_too_large: {
    when: 'the answer passes what Lambda can return in one piece (6 MB)',
    remedy: 'ask for fewer tokens, or use a front that streams',
  },
  unsupported_stream: {
    when: 'the model streamed nothing in a shape that is known as text',
    remedy: 'send `"stream": false`',
  },
  model_not_ready: { when: 'the model is being loaded', remedy: 'wait for `Retry-After`, then send again' },
  upstream_unavailable: {
    when: 'Bedrock cannot be reached, or is overloaded',
    remedy: 'wait for `Retry-After`, then send again; if it stays so, check the function’s network',
  },
  auth_unavailable: {
    when: 'the secret store or the issuer’s keys cannot be read',
    remedy: 'send again; if it stays so, look in the log for the store’s answer',
  },
  upstream_timeout: {
    when: 'the model was silent for longer than `FIRST_EVENT_TIMEOUT_MS` or `IDLE_TIMEOUT_MS`, or said so itself',
    remedy: 'send again, or ask for less',
  },
  deadline_exceeded: {
    when: 'the end of the function, or of the gateway in front of it, came near',
    remedy:
      'ask for less; use a front that streams; raise the function’s timeout (15 minutes), and `GATEWAY_TIMEOUT_MS` with the gateway’s own',
  },
};

/** Codes that stand in the log alone, because nobody is left to read an answer. */
export const logOnlyCodes: Readonly<Record<Exclude<LogCode, ErrorCode>, string>> = {
  client_closed: 'the client left before the end',
  client_stalled: 'the client did not read on for `IDLE_TIMEOUT_MS`',
};
