import type { VariableName } from '../../../packages/core/src/config/variables.ts';

/** What the reader of docs/configuration.md is told of a variable, beside its default. */
export type VariableMeanings = { readonly [Name in VariableName]?: string };

const whoMayCall = {
  AUTH_TOKEN: 'one token with every right: at least 8 characters, better 32 random ones. Blank, it refuses to start',
  AUTH_TOKENS:
    'a JSON array of `{"id", "token" or "sha256", "models", "ips", "stream", "notBefore", "expiresAt", "disabled"}`; two live tokens of one caller are a rotation',
  AUTH_TOKENS_SECRET_ID: 'the same array, or one bare token, in AWS Secrets Manager: a name or an ARN',
  AUTH_TOKENS_PARAMETER: 'the same in AWS Systems Manager Parameter Store: a name or an ARN',
  AUTH_TOKENS_TTL_SECONDS: 'seconds until a secret or a parameter is read again; an unknown token has it read at once',
  JWT_ISSUER: 'accepts JSON Web Tokens of this issuer; needs `JWT_AUDIENCE`',
  JWT_AUDIENCE: 'the audiences that a JWT may be for, separated by commas or spaces',
  JWT_JWKS_URL: 'where the issuer’s keys are; not set, its OpenID discovery document says so',
  JWT_MODELS_CLAIM: 'the claim that lists the models a JWT may use, as patterns; a token without the claim may use all',
  REQUIRE_AUTH:
    '`true`: refuse to start where none of the above is set. Otherwise such a function is **open to everyone**',
  ALLOWED_IPS: 'addresses and CIDR ranges, IPv4 and IPv6, outside of which nobody may call',
  ALLOWED_MODELS: 'patterns of model ids beyond which nobody may go: `*` is any run of characters, `?` any one',
  CORS_ALLOWED_ORIGINS: 'the web origins that may read answers: `*`, exact origins separated by commas, or `off`',
} as const satisfies VariableMeanings;

const bedrock = {
  BEDROCK_REGION: 'where Bedrock is called; not set, the region of the function (`AWS_REGION`)',
  BEDROCK_MAX_ATTEMPTS: 'requests at most for one call; nothing is sent again once an answer has begun',
} as const satisfies VariableMeanings;

const limits = {
  MAX_BODY_BYTES: 'the largest body of a request, in bytes, after base64',
  FIRST_EVENT_TIMEOUT_MS: 'from the send, retries included, to the first event of a stream',
  IDLE_TIMEOUT_MS: 'between two events of a stream, and for a client that does not read on',
  HEAD_WAIT_MS: 'after this long without an event, a stream sends its status and a ping',
  HEARTBEAT_MS: 'a ping after this long without a byte, so that nothing on the way gives up',
  DEADLINE_MARGIN_MS: 'an answer ends this long before the function’s own timeout',
  GATEWAY_TIMEOUT_MS: 'when the gateway in front of a buffered function gives up',
} as const satisfies VariableMeanings;

const log = {
  LOG_LEVEL: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`; a request is one line at `info`',
} as const satisfies VariableMeanings;

/** The sections of the document. */
export const variableSections: Readonly<Record<string, VariableMeanings>> = {
  'Who may call': whoMayCall,
  Bedrock: bedrock,
  'Limits and time': limits,
  'The log': log,
};

/** Every variable is told of: one that is not does not compile. */
export const variableMeanings: Readonly<Record<VariableName, string>> = {
  ...whoMayCall,
  ...bedrock,
  ...limits,
  ...log,
};
