import type { ErrorObject } from './proxy-error.ts';

const mends: Readonly<Record<string, string>> = {
  invalid_request: 'give a payload of that model with --payload',
  model_not_allowed:
    'use --model with one that is allowed, or add this one to ALLOWED_MODELS and to the token’s models',
  stream_not_allowed: 'give the token the right to stream',
  model_not_found: 'use --model with a model of that Region',
  upstream_denied:
    'grant the role bedrock:InvokeModel and bedrock:InvokeModelWithResponseStream on this model, and see that the account has access to it',
  upstream_unavailable:
    'see that the function reaches Bedrock in its Region: a VPC needs an endpoint, and BEDROCK_REGION a Region with Bedrock',
  throttled: 'try again later, or have the quota of the model raised',
  quota_exceeded: 'try again later, or have the quota of the model raised',
  deadline_exceeded: 'give the function more time: 15 minutes, or 29 seconds behind a buffered API',
  upstream_timeout: 'try again, or with another --model',
  upstream_truncated: 'try again; where it stays, see the log under the request id',
  unsupported_stream: 'use --model with a text model',
};

/** What to do about an error of the proxy. */
export function mendOfRefusal({ code, message, requestId }: ErrorObject): string {
  if (code === 'upstream_validation') {
    return /on-demand throughput/i.test(message)
      ? 'call the model through an inference profile: --model us.…, eu.… or global.…'
      : 'check the model’s own request; --payload replaces it';
  }
  return mends[code] ?? `see the log under request id ${requestId}`;
}
