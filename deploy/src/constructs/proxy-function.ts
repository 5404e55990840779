import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { replaceClaudeNames } from '../model-access/claude-names.ts';
import { deriveModelAccess } from '../model-access/derive-model-access.ts';
import { type BundleName, bundleCode } from './bundle-code.ts';
import { createFunctionAuth, type FunctionAuth } from './caller-auth.ts';
import { functionEnvironment } from './function-environment.ts';
import { type LimitsTable, limitsTableOf } from './limits-table.ts';
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
    const models = replaceClaudeNames(given.models, {
      region: given.bedrockRegion ?? Stack.of(this).region,
      inferencePrefix: given.environment?.['BEDROCK_INFERENCE_PREFIX'],
    });
    const props = { ...given, models };
    this.auth = createFunctionAuth(this, props.auth);
    this.logGroup = new LogGroup(this, 'Log', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const limitsTable = limitsTableOf(this, props);
    if (limitsTable) this.limitsTable = limitsTable;
    const role = this.#createRole(props);
    limitsTable?.grant(role, 'dynamodb:UpdateItem');
    const ofLimits = {
      ...(limitsTable && { LIMITS_TABLE: limitsTable.tableName }),
      ...(props.limits && { LIMITS: JSON.stringify(props.limits) }),
    };
    this.function = new LambdaFunction(this, 'Function', {
      description: 'Amazon Bedrock behind a URL',
      runtime: props.runtime ?? Runtime.NODEJS_24_X,
      architecture: props.architecture ?? Architecture.ARM_64,
      handler: 'index.handler',
      code: bundleCode(front.bundle, props.bundle),
      memorySize: props.memorySize ?? 512,
      timeout: front.timeout,
      role,
      logGroup: this.logGroup,
      environment: functionEnvironment(props, { ...front.environment, ...this.auth.environment, ...ofLimits }),
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
    });
    if (props.dashboard) new ProxyDashboard(this, 'Dashboard', this.function);
  }

  #createRole({ models, bedrockRegion }: ProxyProps): Role {
    const { partition, region, account } = Stack.of(this);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(role);
    this.auth.secret?.grantRead(role);
    for (const { actions, resources, conditions } of deriveModelAccess(models, {
      partition,
      region: bedrockRegion ?? region,
      account,
    })) {
      role.addToPrincipalPolicy(
        new PolicyStatement({ actions: [...actions], resources: [...resources], ...(conditions && { conditions }) }),
      );
    }
    return role;
  }
}
