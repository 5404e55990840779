import type { ErrorCode, LogCode } from '@bedrock-proxy/core';

/** When a code occurs, and what its reader can do. */
export interface ErrorAdvice {
  readonly when: string;
  readonly remedy: string;
}

/** Every code that a client can receive. A missing code does not compile. */
export const errorAdvice: Readonly<Record<ErrorCode, ErrorAdvice>> = {
  invalid_json: {
    when: 'the body is not a JSON object in UTF-8, or is nested more than 64 levels deep',
    remedy: 'fix the body; check its quotes and commas first',
  },
  invalid_request: {
    when: 'a field is missing, duplicated or of the wrong type; there is more than one `Authorization` header; or the request has a header that the proxy does not pass on, such as `x-amzn-bedrock-guardrailidentifier`',
    remedy: 'fix the fields and headers that `issues` lists by their path',
  },
  invalid_model: {
    when: '`modelId` is not a model id, an inference-profile id or an ARN of `bedrock` or `sagemaker`',
    remedy: 'copy the id from the Bedrock console',
  },
  unsupported_parameter: {
    when: 'a request of OpenAI’s API has a parameter that the proxy does not support, such as `n` over 1 or `logprobs`; `param` names it',
    remedy: 'leave the parameter out',
  },
  unsupported_content: {
    when: 'a message of OpenAI’s API has content that the proxy does not support, such as a file id or the URL of an image; `param` names its place',
    remedy: 'send images and files as base64 data; the proxy never fetches a URL',
  },
  upstream_validation: {
    when: 'Bedrock or the model refused the payload, with a 4xx status without a code of its own; the message is Bedrock’s own message',
    remedy: 'fix the payload for this model; if the message asks for an inference profile, use its id (`us.…`, `eu.…`)',
  },
  missing_token: {
    when: 'the request has no token',
    remedy: 'send `Authorization: Bearer <token>`, or `x-api-key: <token>`',
  },
  invalid_token: {
    when: 'the token is unknown, expired, not valid yet, disabled, or not allowed from this IP address; the response never states which',
    remedy:
      'ask the operator for a valid token; the operator finds the `reason` in the log, compares its SHA-256 with the records and checks `notBefore`, `expiresAt`, `disabled` and `ips`',
  },
  model_not_allowed: {
    when: 'the caller’s models or `ALLOWED_MODELS` do not include this model',
    remedy: 'use another model, or ask the operator to allow this one',
  },
  stream_not_allowed: { when: 'the caller may not stream', remedy: 'send `"stream": false`' },
  ip_not_allowed: {
    when: 'the caller’s IP address is not in `ALLOWED_IPS`',
    remedy: 'ask the operator to add it; the log has it as `sourceIp`',
  },
  not_found: {
    when: 'the path begins with `/v1/` or `/model/`, and the API of OpenAI, Anthropic or Bedrock has nothing there that the proxy serves',
    remedy: 'POST to a path of that API that the message names; for the native API, POST to any other path',
  },
  method_not_allowed: {
    when: 'the method is neither POST nor OPTIONS; GET works only for `/health` and for lists of models',
    remedy: 'POST a JSON body',
  },
  model_not_found: {
    when: 'Bedrock has no such model in its Region, or the model has reached the end of its life; the message ends with Bedrock’s own message',
    remedy:
      'check the id, which looks like `amazon.nova-2-lite-v1:0` or `global.amazon.nova-2-lite-v1:0`, and `BEDROCK_REGION`',
  },
  body_too_large: {
    when: 'the body is larger than `MAX_BODY_BYTES`',
    remedy: 'send a smaller body, or increase the limit',
  },
  throttled: {
    when: 'Bedrock or a policy limits the request rate',
    remedy: 'wait for `Retry-After`, then retry',
  },
  quota_exceeded: {
    when: 'a quota of the AWS account is used up, for example the tokens of a day',
    remedy: 'ask for a higher quota; waiting for the next period may also help',
  },
  rate_limited: {
    when: 'a limit of the proxy is reached, for example a number of requests per minute',
    remedy: 'wait for `Retry-After`, then send again',
  },
  budget_exceeded: {
    when: 'a budget of the proxy is used up for its day or month',
    remedy: 'ask the operator for a larger budget, or wait for the next period; sending again does not help',
  },
  model_not_priced: {
    when: 'the caller has a limit in money, and the model has no price',
    remedy: 'ask the operator to set a price for the model',
  },
  limits_unavailable: {
    when: 'the limits cannot be checked',
    remedy: 'wait for `Retry-After`, then send again; the operator finds the cause in the log',
  },
  internal: {
    when: 'the proxy itself failed, or this function does not support the type of the event',
    remedy: 'find the request id in the log; if the message names a handler, deploy that handler',
  },
  upstream_error: {
    when: 'the model or Bedrock failed, or its response cannot be read',
    remedy: 'retry',
  },
  upstream_denied: {
    when: 'Bedrock refused the function’s role, its credentials or its access to the model; the model is Legacy, or its provider asks for use-case details; or the function has no credentials or no Region, as the message then states',
    remedy:
      'find the request id in the log: `request.error` has Bedrock’s own message; [allow the model](deploy.md#when-it-does-not-work) in the role',
  },
  upstream_truncated: {
    when: 'the response was cut off before the model ended it, or is empty although Bedrock accepted the request',
    remedy: 'retry; the text that was received is incomplete',
  },
  response_too_large: {
    when: 'the response is larger than Lambda can return without streaming (6 MB)',
    remedy: 'ask for fewer tokens, or use an endpoint that streams',
  },
  unsupported_stream: {
    when: 'no chunk of the stream had a known text format, or the first chunk is not JSON',
    remedy: 'send `"stream": false`',
  },
  model_not_ready: { when: 'the model is still loading', remedy: 'wait for `Retry-After`, then retry' },
  upstream_unavailable: {
    when: 'Bedrock cannot be reached, or is overloaded',
    remedy: 'wait for `Retry-After`, then retry; if the error persists, check the function’s network',
  },
  auth_unavailable: {
    when: 'the proxy cannot read the secret store or the issuer’s keys',
    remedy: 'retry; if the error persists, look in the log for the store’s response',
  },
  upstream_timeout: {
    when: 'the model sent no event within `FIRST_EVENT_TIMEOUT_MS` or `IDLE_TIMEOUT_MS`, or reported a timeout itself',
    remedy: 'retry, or ask for a shorter response',
  },
  deadline_exceeded: {
    when: 'the timeout of the function, or of the gateway in front of it, was about to expire',
    remedy:
      'ask for a shorter response; use an endpoint that streams; increase the function’s timeout (to 15 minutes at most), and `GATEWAY_TIMEOUT_MS` together with the gateway’s own timeout',
  },
};

/** Codes that occur only in the log, because no client is left to receive a response. */
export const logOnlyCodes: Readonly<Record<Exclude<LogCode, ErrorCode>, string>> = {
  client_closed: 'the client closed the connection before the end',
  client_stalled: 'the client read nothing for `IDLE_TIMEOUT_MS`',
};
