import type { CallerAuth, JwtIssuer } from '../constructs/caller-auth.ts';
import type { ModelGrants } from '../model-access/model-grant.ts';

/** The fronts that the app deploys, each as a stack of its own. */
export const fronts = ['function-url', 'rest-api', 'rest-api-stream'] as const;

export type Front = (typeof fronts)[number];

/** How the app's callers are known; a secret goes by its ARN here. */
export type AppAuth =
  | Exclude<CallerAuth, { readonly secret: unknown } | { readonly jwt: JwtIssuer }>
  | { readonly secretArn: string }
  | { readonly jwt: JwtIssuer };

/** What a stack of the app is made of. */
export interface AppOptions {
  readonly models: ModelGrants;
  readonly auth: AppAuth;
  readonly corsOrigins?: '*' | 'off' | readonly string[];
  readonly bedrockRegion?: string;
  /** Megabytes. */
  readonly memorySize?: number;
  readonly timeoutSeconds?: number;
  readonly hasFirewall: boolean;
  readonly alarmTopicArn?: string;
}

/** The default: a profile that can be called from any commercial Region. */
export const defaultModels = ['global.anthropic.claude-haiku-4-5-20251001-v1:0'];
