import { defaultLimits } from '../proxy/create-proxy.js';

/**
 * All environment variables with their defaults; undefined: no default. The readers accept no other names, and
 * docs/configuration.md is generated from this table.
 */
export const variableDefaults = {
  AUTH_TOKEN: undefined,
  AUTH_TOKENS: undefined,
  AUTH_TOKENS_SECRET_ID: undefined,
  AUTH_TOKENS_PARAMETER: undefined,
  AUTH_TOKENS_TTL_SECONDS: 60,
  JWT_ISSUER: undefined,
  JWT_AUDIENCE: undefined,
  JWT_JWKS_URL: undefined,
  JWT_MODELS_CLAIM: 'bedrock_models',
  JWT_TEAM_CLAIM: undefined,
  REQUIRE_AUTH: 'false',
  ALLOWED_IPS: undefined,
  ALLOWED_MODELS: undefined,
  LISTED_MODELS: undefined,
  CORS_ALLOWED_ORIGINS: '*',
  BEDROCK_REGION: undefined,
  MODEL_ALIASES: undefined,
  BEDROCK_INFERENCE_PREFIX: undefined,
  BEDROCK_MAX_ATTEMPTS: 3,
  GUARDRAIL: undefined,
  GUARDRAIL_STREAM_MODE: 'sync',
  SERVICE_TIER: undefined,
  PERFORMANCE_LATENCY: undefined,
  REQUEST_METADATA: undefined,
  CLIENT_OPTIONS: undefined,
  EVENTSTREAM_HEARTBEAT: 'false',
  ANTHROPIC_BETAS: undefined,
  ANTHROPIC_BETAS_DENY: undefined,
  ANTHROPIC_DROP_FIELDS: undefined,
  LIMITS_TABLE: undefined,
  LIMITS: undefined,
  LIMITS_ON_FAILURE: 'closed',
  LIMITS_TIMEOUT_MS: 1_000,
  PRICES: undefined,
  MAX_BODY_BYTES: defaultLimits.maxBodyBytes,
  HEAD_WAIT_MS: defaultLimits.headWaitMs,
  HEARTBEAT_MS: defaultLimits.heartbeatMs,
  FIRST_EVENT_TIMEOUT_MS: defaultLimits.firstEventTimeoutMs,
  IDLE_TIMEOUT_MS: defaultLimits.idleTimeoutMs,
  DEADLINE_MARGIN_MS: defaultLimits.deadlineMarginMs,
  GATEWAY_TIMEOUT_MS: 29_000,
  HOST: '127.0.0.1',
  PORT: 8_080,
  TRUSTED_PROXIES: 0,
  REQUEST_TIMEOUT_MS: 30_000,
  FUNCTION_NAME: 'web-function',
  LOG_LEVEL: 'info',
} as const satisfies Record<string, string | number | undefined>;

export type VariableName = keyof typeof variableDefaults;

/** The variables whose default has the type `Kind`. */
export type VariableOf<Kind> = {
  [Name in VariableName]: (typeof variableDefaults)[Name] extends Kind ? Name : never;
}[VariableName];
