import type { LimitSettings } from '@bedrock-proxy/core/limits';
import type { CallerAuth, JwtIssuer } from '../constructs/caller-auth.ts';
import type { ModelGrants } from '../model-access/model-grant.ts';

/** The kinds of endpoint that the app deploys. Each kind has its own stack. */
export const fronts = ['function-url', 'web-function', 'rest-api', 'rest-api-stream'] as const;

export type Front = (typeof fronts)[number];

/** How callers authenticate. A secret is given by its ARN. */
export type AppAuth =
  | Exclude<CallerAuth, { readonly secret: unknown } | { readonly jwt: JwtIssuer }>
  | { readonly secretArn: string }
  | { readonly jwt: JwtIssuer };

/** The options of one stack. */
export interface AppOptions {
  readonly models: ModelGrants;
  readonly auth: AppAuth;
  readonly corsOrigins?: '*' | 'off' | readonly string[];
  readonly bedrockRegion?: string;
  /** Megabytes. */
  readonly memorySize?: number;
  readonly timeoutSeconds?: number;
  /** Requests in one process of a Web Function. */
  readonly concurrency?: number;
  /** Processes of a Web Function. */
  readonly maxEnvironments?: number;
  readonly hasFirewall: boolean;
  readonly hasDashboard?: boolean;
  /** With it, the stack has a table of limits. */
  readonly limits?: LimitSettings;
  readonly alarmTopicArn?: string;
}

/** A global profile, because it can be called from any commercial Region. */
export const defaultModels = ['global.anthropic.claude-haiku-4-5-20251001-v1:0'];
