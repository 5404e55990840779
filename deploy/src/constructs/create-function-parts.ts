import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { replaceClaudeNames } from '../model-access/claude-names.ts';
import { deriveModelAccess } from '../model-access/derive-model-access.ts';
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
  { models, bedrockRegion }: CommonProxyProps,
  { auth, logGroup }: { readonly auth: FunctionAuth; readonly logGroup: LogGroup },
): Role {
  const { partition, region, account } = Stack.of(scope);
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  auth.secret?.grantRead(role);
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
