import { type ModelAlias, parseAliases } from '@bedrock-proxy/core/routing';
import { Annotations, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { DeploymentError } from '../deployment-error.ts';
import { demandGuardrail } from '../model-access/demand-guardrail.ts';
import { deriveAccess } from '../model-access/derive-access.ts';
import { replaceClaudeNames } from '../model-access/replace-claude-names.ts';
import { createFunctionAuth, type FunctionAuth } from './caller-auth.ts';
import { type LimitsTable, limitsTableOf } from './limits-table.ts';
import type { CommonProxyProps } from './proxy-props.ts';

/** What every kind of function needs beside its code. */
export interface FunctionParts<Props extends CommonProxyProps> {
  /** The props, with model ids in place of Anthropic's own names. */
  readonly props: Props;
  readonly auth: FunctionAuth;
  readonly logGroup: LogGroup;
  /** It may only write the log, call the listed models, read the token secret and count in the table of limits. */
  readonly role: Role;
  /** The table of limits. Present only if there are limits. */
  readonly limitsTable?: LimitsTable;
  /** The environment variables of `auth` and of the limits. */
  readonly environment: Readonly<Record<string, string>>;
}

export function createFunctionParts<Props extends CommonProxyProps>(
  scope: Construct,
  given: Props,
): FunctionParts<Props> {
  const models = replaceClaudeNames(given.models, {
    region: given.bedrockRegion ?? Stack.of(scope).region,
    inferencePrefix: given.environment?.['BEDROCK_INFERENCE_PREFIX'],
  });
  const props = { ...given, models };
  const auth = createFunctionAuth(scope, props.auth);
  const logGroup = new LogGroup(scope, 'Log', {
    retention: props.logRetention ?? RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const role = createRole(scope, props, { auth, logGroup });
  const limitsTable = limitsTableOf(scope, props);
  limitsTable?.grant(role, 'dynamodb:UpdateItem');
  const environment = {
    ...auth.environment,
    ...(limitsTable && { LIMITS_TABLE: limitsTable.tableName }),
    ...(props.limits && { LIMITS: JSON.stringify(props.limits) }),
  };
  return { props, auth, logGroup, role, environment, ...(limitsTable && { limitsTable }) };
}

function createRole(
  scope: Construct,
  { models, aliases, guardrail, bedrockRegion }: CommonProxyProps,
  { auth, logGroup }: { readonly auth: FunctionAuth; readonly logGroup: LogGroup },
): Role {
  const { partition, region, account } = Stack.of(scope);
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  auth.secret?.grantRead(role);
  const place = { partition, region: bedrockRegion ?? region, account };
  const known = readAliases(aliases);
  const statements = deriveAccess(models, known, place);
  const owner = Token.isUnresolved(account) ? undefined : account;
  const others = [...(guardrail?.ofTokens ?? []), ...guardrailsOf(known)];
  const guarded = guardrail ? demandGuardrail(statements, { ...guardrail, ofTokens: others }, owner) : statements;
  if (guardrail?.exemptsTokens) {
    Annotations.of(scope).addWarningV2(
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

/** The guardrails of targets, which replace the pinned one in their Regions. */
function guardrailsOf(aliases: Readonly<Record<string, ModelAlias>>): readonly string[] {
  const guardrails = Object.values(aliases).flatMap(({ targets }) =>
    targets.flatMap(({ options }) => options?.guardrail ?? []),
  );
  return guardrails.map(({ id, version }) => `${id}:${version}`);
}

/** The aliases, checked as the function checks them at its start. */
function readAliases(aliases: CommonProxyProps['aliases'] = {}): Readonly<Record<string, ModelAlias>> {
  try {
    return parseAliases(aliases);
  } catch (error) {
    if (error instanceof TypeError) throw new DeploymentError(error.message);
    throw error;
  }
}
