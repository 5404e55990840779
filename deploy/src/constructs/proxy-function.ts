import { type ModelAlias, parseAliases } from '@bedrock-proxy/core/routing';
import { Annotations, type Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { DeploymentError } from '../deployment-error.ts';
import { replaceClaudeNames } from '../model-access/claude-names.ts';
import { deriveAccess } from '../model-access/derive-alias-access.ts';
import { demandGuardrail } from '../model-access/guardrail-access.ts';
import { type BundleName, bundleCode } from './bundle-code.ts';
import { createFunctionAuth, type FunctionAuth } from './caller-auth.ts';
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
    const role = this.#createRole(props);
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
      environment: functionEnvironment(props, { ...front.environment, ...this.auth.environment }),
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
    });
  }

  #createRole({ models, aliases, guardrail, bedrockRegion }: ProxyProps): Role {
    const { partition, region, account } = Stack.of(this);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(role);
    this.auth.secret?.grantRead(role);
    const place = { partition, region: bedrockRegion ?? region, account };
    const known = readAliases(aliases);
    const statements = deriveAccess(models, known, place);
    const owner = Token.isUnresolved(account) ? undefined : account;
    const others = [...(guardrail?.ofTokens ?? []), ...guardrailsOf(known)];
    const guarded = guardrail ? demandGuardrail(statements, { ...guardrail, ofTokens: others }, owner) : statements;
    if (guardrail?.exemptsTokens) {
      Annotations.of(this).addWarningV2(
        'bedrock-proxy:exempt-tokens',
        'A token is exempt from the guardrail, so the role demands none. Give such tokens a function of their own.',
      );
    }
    for (const { actions, resources, conditions } of guarded) {
      role.addToPrincipalPolicy(
        new PolicyStatement({ actions: [...actions], resources: [...resources], ...(conditions && { conditions }) }),
      );
    }
    return role;
  }
}

/** The guardrails of targets, which replace the pinned one in their Regions. */
function guardrailsOf(aliases: Readonly<Record<string, ModelAlias>>): readonly string[] {
  const guardrails = Object.values(aliases).flatMap(({ targets }) =>
    targets.flatMap(({ options }) => options?.guardrail ?? []),
  );
  return guardrails.map(({ id, version }) => `${id}:${version}`);
}

/** The aliases, checked as the function checks them at its start. */
function readAliases(aliases: ProxyProps['aliases'] = {}): Readonly<Record<string, ModelAlias>> {
  try {
    return parseAliases(aliases);
  } catch (error) {
    if (error instanceof TypeError) throw new DeploymentError(error.message);
    throw error;
  }
}
