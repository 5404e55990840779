import type { Duration } from 'aws-cdk-lib';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type BundleName, bundleCode } from './bundle-code.ts';
import type { FunctionAuth } from './caller-auth.ts';
import { createFunctionParts } from './create-function-parts.ts';
import { functionEnvironment } from './function-environment.ts';
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
 * The function behind an endpoint. Its role may only write its own log, call the listed models and read the token
 * secret.
 */
export class ProxyFunction extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly auth: FunctionAuth;

  constructor(scope: Construct, id: string, given: ProxyProps, front: FrontSettings) {
    super(scope, id);
    validateProps(given);
    const { props, auth, logGroup, role } = createFunctionParts(this, given);
    this.auth = auth;
    this.logGroup = logGroup;
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
      environment: functionEnvironment(props, { ...front.environment, ...auth.environment }),
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
    });
  }
}
