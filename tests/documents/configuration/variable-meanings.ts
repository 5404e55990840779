import type { VariableName } from '../../../packages/core/src/config/variable-defaults.ts';

/** The description of each variable in docs/configuration.md, next to its default. */
export type VariableMeanings = { readonly [Name in VariableName]?: string };

const whoMayCall = {
  AUTH_TOKEN:
    'one token with all rights: at least 8 characters, preferably 32 random ones. If it is set but blank, the function does not start',
  AUTH_TOKENS:
    'a JSON array of [token records](security.md#tokens) with `"id"`, `"token"` or `"sha256"`, and rights such as `"models"`, `"guardrail"` and `"limits"`; one caller may have two valid tokens at once during a rotation',
  AUTH_TOKENS_SECRET_ID: 'the same array, or one plain token, in AWS Secrets Manager: a name or an ARN',
  AUTH_TOKENS_PARAMETER: 'the same array, or one plain token, in AWS Systems Manager Parameter Store: a name or an ARN',
  AUTH_TOKENS_TTL_SECONDS:
    'seconds after which the secret or the parameter is read again; an unknown token causes an immediate read',
  JWT_ISSUER: 'accepts JSON Web Tokens of this issuer; requires `JWT_AUDIENCE`',
  JWT_AUDIENCE:
    'the accepted audiences of a JWT, separated by commas or spaces; for a JWT without `aud`, the accepted values of `client_id`',
  JWT_JWKS_URL: 'the URL of the issuer’s keys; if it is not set, the issuer’s OpenID discovery document provides it',
  JWT_MODELS_CLAIM:
    'the claim that lists the models that a JWT may use, as patterns; a token without this claim may use all models',
  JWT_TEAM_CLAIM:
    'the claim that names the team of a JWT, a string; teams can have [limits](limits.md). A token whose claim has another type is refused',
  REQUIRE_AUTH:
    '`true`: the function does not start if none of the variables above is set. With `false`, such a function is **open to everyone**',
  ALLOWED_IPS: 'IP addresses and CIDR ranges, IPv4 and IPv6; the proxy refuses all other addresses',
  ALLOWED_MODELS:
    'patterns of model ids; the proxy refuses all other models for every caller. `*` matches any number of characters, `?` exactly one',
  LISTED_MODELS:
    'model ids, separated by commas, for the list of models at `GET /v1/models`; entries of `ALLOWED_MODELS` without a wildcard are listed too. A caller sees only the models that it may use',
  CORS_ALLOWED_ORIGINS: 'the web origins that may read responses: `*`, exact origins separated by commas, or `off`',
} as const satisfies VariableMeanings;

const bedrock = {
  BEDROCK_REGION: 'the Region in which Bedrock is called; if it is not set, the Region of the function (`AWS_REGION`)',
  BEDROCK_MAX_ATTEMPTS:
    'the maximum number of requests for one call; the proxy does not retry after a response has begun',
  GUARDRAIL:
    'the [guardrail](guardrails.md) of every call, as `<id or ARN>:<version or DRAFT>`; callers cannot change it, and a token record can replace it (`guardrail`) or exempt its token (`"guardrail": false`)',
  GUARDRAIL_STREAM_MODE:
    '`sync` or `async`: with `async`, a stream is faster, but the guardrail masks nothing in it and clients may read text before it is blocked',
  SERVICE_TIER:
    'the tier in which Bedrock serves calls: `default`, `flex`, `priority` or `reserved`; a token record can replace it (`serviceTier`)',
  PERFORMANCE_LATENCY:
    '`standard` or `optimized`, for the models that Bedrock optimizes; a token record can replace it (`latency`)',
  REQUEST_METADATA:
    'a JSON object of 1 to 16 strings, such as `{"team": "a", "caller": "$principal"}`, for Bedrock’s own invocation logs; the value `$principal` stands for the caller; a token record can add members and replace them (`metadata`)',
  CLIENT_OPTIONS:
    'the settings of Bedrock that callers may set in headers and bodies, separated by commas: `guardrail`, `trace`, `service-tier`, `latency`, `metadata`; a token record can replace the list (`clientOptions`)',
  EVENTSTREAM_HEARTBEAT:
    '`true`: a silent stream of Bedrock’s own API sends `ping` events, which SDKs ignore; useful behind a gateway with an idle timeout',
  MODEL_ALIASES:
    'JSON: names for models, such as `{"fast": "eu.anthropic.claude-haiku-4-5-20251001-v1:0"}`. Instead of an id, a name may have `{"targets": [{"model": "…", "region": "…"}, …], …}`: if a target cannot answer, [the next one is asked](routing.md). `ALLOWED_MODELS` and the models of a token apply to what a name stands for; `@fast` there allows the name `fast` with all that it stands for',
  BEDROCK_INFERENCE_PREFIX:
    'the inference profile that a name such as `claude-sonnet-5` stands for: `us`, `eu`, `apac`, `jp`, `au`, `us-gov`, `global`, or `none` for the model itself. If it is not set, the Region decides in the United States and in Europe; elsewhere such a name is not found',
} as const satisfies VariableMeanings;

const anthropic = {
  ANTHROPIC_BETAS:
    'the betas that [Anthropic’s API](clients.md#anthropics-api) passes to Bedrock, as patterns separated by commas, in place of the built-in list; `*` passes all, `old=new` renames one',
  ANTHROPIC_BETAS_DENY:
    'patterns of betas that are never passed, even if `ANTHROPIC_BETAS` or the built-in list has them',
  ANTHROPIC_DROP_FIELDS:
    'the top-level members of a request that are not sent to Bedrock, in place of `context_management,service_tier,speed`; if it is set but empty, none is dropped',
} as const satisfies VariableMeanings;

const limits = {
  MAX_BODY_BYTES: 'the maximum size of a request body, in bytes, after base64 decoding',
  FIRST_EVENT_TIMEOUT_MS: 'the maximum time from the request, retries included, to the first event of a stream',
  IDLE_TIMEOUT_MS:
    'the maximum time between two events of a stream, and the maximum time that a client may read nothing',
  HEAD_WAIT_MS: 'if no event has come after this time, a stream sends its status and a ping',
  HEARTBEAT_MS: 'a stream sends a ping after this time without output, so that no connection on the way times out',
  DEADLINE_MARGIN_MS: 'a response ends this long before the function’s own timeout',
  GATEWAY_TIMEOUT_MS: 'the timeout of the gateway in front of a function that does not stream',
} as const satisfies VariableMeanings;

const budgets = {
  LIMITS_TABLE:
    'the DynamoDB table in which all instances count together: a name or an ARN. `:memory:` counts in the memory of the process, for a server of one process; `npm start` does so by itself',
  LIMITS:
    'JSON: `{"everyone": …, "each": …, "teams": {"name": …, "*": …}}`. Each value is a rule, or an array of rules, such as `{"requestsPerMinute": 60, "usdPerDay": 5}`; [limits.md](limits.md) has all members',
  LIMITS_ON_FAILURE:
    'if the table cannot be asked: `closed` refuses calls, `open` admits them without limits for as long as it lasts',
  LIMITS_TIMEOUT_MS: 'the maximum time to check the limits of one call, and to settle them',
  PRICES:
    'JSON: prices in US dollars per million tokens, by pattern of model ids, before the built-in ones: `{"*claude-haiku-4-5*": {"input": 1, "output": 5}}`',
} as const satisfies VariableMeanings;

const server = {
  HOST: 'the address to listen on: `0.0.0.0` for all networks. Beyond this machine, the server starts only if a source of tokens is set',
  PORT: 'the port to listen on; 0 picks a free one. For `npm start`, the default is 8787',
  TRUSTED_PROXIES:
    'how many proxies in front of the server each add the address of their client to `X-Forwarded-For`. The address of a caller is what the first of them added, and with 0 the other end of the connection. In a Web Function, the default is 1',
  REQUEST_TIMEOUT_MS:
    'the time after which something in front of the server cuts a request off, streams included; the server ends the response `DEADLINE_MARGIN_MS` before. Outside AWS, there is no limit by default',
  FUNCTION_NAME: 'the name of a Web Function in its metrics',
} as const satisfies VariableMeanings;

const log = {
  LOG_LEVEL: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`; each request is one line at `info`',
} as const satisfies VariableMeanings;

/** The sections of the document. */
export const variableSections: Readonly<Record<string, VariableMeanings>> = {
  'Who may call': whoMayCall,
  Bedrock: bedrock,
  'Anthropic’s API': anthropic,
  'Limits and budgets of callers': budgets,
  'Limits and time': limits,
  'A server of its own': server,
  'The log': log,
};

/** Every variable is described. A missing variable does not compile. */
export const variableMeanings: Readonly<Record<VariableName, string>> = {
  ...whoMayCall,
  ...bedrock,
  ...anthropic,
  ...budgets,
  ...limits,
  ...server,
  ...log,
};
