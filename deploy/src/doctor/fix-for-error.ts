import type { ErrorObject } from './error-object.ts';

const fixForMissingPrice = 'set a price of this model in PRICES, or use --model with a model that has one';

const fixes: Readonly<Record<string, string>> = {
  invalid_request: 'use --payload with a request body of this model',
  model_not_allowed:
    'use --model with an allowed model, or add this model to ALLOWED_MODELS and to the models of the token',
  model_not_priced: fixForMissingPrice,
  rate_limited: 'wait a minute, or raise the limits of this token or of everyone',
  budget_exceeded: 'raise the budget of this token, of its team or of everyone, or wait for the next day or month',
  limits_unavailable: 'check that the table of limits exists, and that the role has dynamodb:UpdateItem on it',
  stream_not_allowed: 'allow the token to stream',
  model_not_found: 'use --model with a model of this Region',
  upstream_denied:
    'grant the role bedrock:InvokeModel and bedrock:InvokeModelWithResponseStream on this model, and check that the account has access to the model',
  upstream_unavailable:
    'check that the function can reach Bedrock: a VPC needs a VPC endpoint, and BEDROCK_REGION must be a Region with Bedrock',
  throttled: 'try again later, or request a higher quota for the model',
  quota_exceeded: 'try again later, or request a higher quota for the model',
  deadline_exceeded: 'raise the timeout of the function to 15 minutes, or to 29 seconds behind a buffered API',
  upstream_timeout: 'try again, or use another --model',
  upstream_truncated: 'try again; if the error remains, search the log for the request id',
  unsupported_stream: 'use --model with a text model',
};

/** The same for errors in the forms of other APIs, which have no code of the proxy. */
export function fixForMessage(message: string): string | undefined {
  return /\bhas no price\b/.test(message) ? fixForMissingPrice : undefined;
}

/** Tells the user how to fix an error of the proxy. */
export function fixForError({ code, message, requestId }: ErrorObject): string {
  if (code === 'upstream_validation') {
    return /on-demand throughput/i.test(message)
      ? 'use the model through an inference profile: --model us.…, eu.… or global.…'
      : 'the model refused the request body: use --payload to send another one';
  }
  return fixes[code] ?? `search the log for request id ${requestId}`;
}
