import type { Duration } from 'aws-cdk-lib';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type BundleName, bundleCode } from './bundle-code.ts';
import type { FunctionAuth } from './caller-auth.ts';
import { createFunctionParts } from './create-function-parts.ts';
import { functionEnvironment } from './function-environment.ts';
import type { LimitsTable } from './limits-table.ts';
import { ProxyDashboard } from './proxy-dashboard.ts';
import type { ProxyProps } from './proxy-props.ts';
import { validateProps } from './validate-props.ts';

/** The settings of the function that depend on the endpoint. */
export interface FrontSettings {
  readonly bundle: BundleName;
  readonly timeout: Duration;
  /** Environment variables that only the bundle of this endpoint reads. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * The function behind an endpoint. Its role may only write its own log, call the listed models, read the token secret
 * and count in the table of limits.
 */
export class ProxyFunction extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly auth: FunctionAuth;
  /** The table of limits, if there is one. */
  readonly limitsTable?: LimitsTable;

  constructor(scope: Construct, id: string, given: ProxyProps, front: FrontSettings) {
    super(scope, id);
    validateProps(given);
    const { props, auth, logGroup, role, limitsTable, environment } = createFunctionParts(this, given);
    this.auth = auth;
    this.logGroup = logGroup;
    if (limitsTable) this.limitsTable = limitsTable;
    this.function = new LambdaFunction(this, 'Function', {
      description: 'Amazon Bedrock behind a URL',
      runtime: props.runtime ?? Runtime.NODEJS_24_X,
      architecture: props.architecture ?? Architecture.ARM_64,
      handler: 'index.handler',
      code: bundleCode(front.bundle, props.bundle),
      memorySize: props.memorySize ?? 512,
      timeout: front.timeout,
      role,
      logGroup,
      environment: functionEnvironment(props, { ...front.environment, ...environment }),
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
    });
    if (props.dashboard) new ProxyDashboard(this, 'Dashboard', this.function.functionName);
  }
}
