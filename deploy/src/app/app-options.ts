import type { LimitSettings } from '@bedrock-proxy/core/limits';
import type { ModelAliases } from '@bedrock-proxy/core/routing';
import type { CallerAuth, JwtIssuer } from '../constructs/caller-auth.ts';
import type { GuardrailGrant } from '../model-access/demand-guardrail.ts';
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
  readonly aliases?: ModelAliases;
  readonly auth: AppAuth;
  readonly guardrail?: GuardrailGrant;
  readonly corsOrigins?: '*' | 'off' | readonly string[];
  readonly bedrockRegion?: string;
  /** Megabytes. */
  readonly memorySize?: number;
  readonly timeoutSeconds?: number;
  /** The maximum number of concurrent requests. A Web Function has the two limits below instead. */
  readonly concurrency?: number;
  /** Requests in one process of a Web Function. */
  readonly processConcurrency?: number;
  /** Processes of a Web Function. */
  readonly maxEnvironments?: number;
  /** Additional environment variables of the function. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Begins the names of the stacks. */
  readonly name?: string;
  readonly hasFirewall: boolean;
  readonly hasDashboard?: boolean;
  /** With it, the stack has a table of limits. */
  readonly limits?: LimitSettings;
  readonly alarmTopicArn?: string;
}
