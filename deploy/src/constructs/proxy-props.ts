import type { Duration } from 'aws-cdk-lib';
import type { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ModelGrants } from '../model-access/model-grant.ts';
import type { CallerAuth } from './caller-auth.ts';

/** What every front of the proxy is told. */
export interface ProxyProps {
  /** The models that the function may call: its role is granted them and no other, and it refuses others itself. */
  readonly models: ModelGrants;
  /** Who may call. There is no default. */
  readonly auth: CallerAuth;
  /** The Region in which Bedrock is called; by default that of the stack. */
  readonly bedrockRegion?: string;
  /** By default `nodejs24.x`; `nodejs22.x` works as well. */
  readonly runtime?: Runtime;
  /** By default arm64. */
  readonly architecture?: Architecture;
  /** Megabytes, from 128 to 10,240; by default 512. */
  readonly memorySize?: number;
  /** How long one answer may take, whole seconds from 5 to 900: by default 15 minutes, 29 seconds where the front does not stream. */
  readonly timeout?: Duration;
  /** How many requests are served at once at most; 0 stops all. By default what the account has. */
  readonly reservedConcurrency?: number;
  /** How long the log is kept; by default a month. The log group outlives the stack. */
  readonly logRetention?: RetentionDays;
  /** Origins whose pages may read answers: any by default, none with `off`. */
  readonly corsOrigins?: '*' | 'off' | readonly string[];
  /** More environment variables of the function, such as `MAX_BODY_BYTES`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Alarms on failures, told to a topic; by default none. */
  readonly alarms?: { readonly topic: ITopic };
  /** The zip to deploy; by default the one that `npm run build` made. */
  readonly bundle?: string;
}
