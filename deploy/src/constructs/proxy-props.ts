import type { LimitSettings } from '@bedrock-proxy/core/limits';
import type { ModelAliases } from '@bedrock-proxy/core/routing';
import type { Duration } from 'aws-cdk-lib';
import type { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { GuardrailGrant } from '../model-access/demand-guardrail.ts';
import type { ModelGrants } from '../model-access/model-grant.ts';
import type { CallerAuth } from './caller-auth.ts';
import type { LimitsTable } from './limits-table.ts';

/** Props that the proxy has on every kind of function. */
export interface CommonProxyProps {
  /** The models that the function may call. The function and its role refuse all other models. */
  readonly models: ModelGrants;
  /**
   * Names for models, as in `MODEL_ALIASES`. The role may call each target in its Region. `models` may be empty if there are aliases:
   * clients can then ask for aliases only.
   */
  readonly aliases?: ModelAliases;
  /** Who may call. There is no default. */
  readonly auth: CallerAuth;
  /** The guardrail of every call. The role then calls models with this guardrail only. By default, there is none. */
  readonly guardrail?: GuardrailGrant;
  /** The Region to call Bedrock in. By default, the Region of the stack. */
  readonly bedrockRegion?: string;
  /**
   * The timeout of the function, from 5 to 900 whole seconds. By default 15 minutes, or 29 seconds if the endpoint
   * buffers.
   */
  readonly timeout?: Duration;
  /** How long the log is kept. By default one month. The log group remains when the stack is deleted. */
  readonly logRetention?: RetentionDays;
  /** The origins whose web pages may read answers. By default any origin; `off` means none. */
  readonly corsOrigins?: '*' | 'off' | readonly string[];
  /** Additional environment variables of the function, such as `MAX_BODY_BYTES`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Sends alarms about failures to a topic. By default, there are no alarms. */
  readonly alarms?: { readonly topic: ITopic };
  /** A CloudWatch dashboard: requests, errors, time to the first text, tokens, cost and limits. By default, there is none. */
  readonly dashboard?: boolean;
  /**
   * The DynamoDB table of limits. `true` creates one, which remains when the stack is deleted. A table of your own has the
   * partition key `k`, a string, and the TTL attribute `x`; several proxies may share it. By default `true` if there are `limits`.
   */
  readonly limitsTable?: true | LimitsTable;
  /** The limits of callers, as `LIMITS` has them. Token records may name limits of their own. */
  readonly limits?: LimitSettings;
  /** The path of the zip to deploy. By default, the one that `npm run build` created. */
  readonly bundle?: string;
}

/** Props that the proxy has behind a Function URL or an API Gateway. */
export interface ProxyProps extends CommonProxyProps {
  /** `nodejs22.x` or newer. By default `nodejs24.x`. */
  readonly runtime?: Runtime;
  /** By default `arm64`. */
  readonly architecture?: Architecture;
  /** Megabytes, from 128 to 10,240. By default 512. */
  readonly memorySize?: number;
  /** The maximum number of concurrent requests; 0 stops all requests. By default, the account limit applies. */
  readonly reservedConcurrency?: number;
}
