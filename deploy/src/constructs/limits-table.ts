import { type LimitSettings, limited, memoryLimitStore } from '@bedrock-proxy/core/limits';
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { DeploymentError } from '../deployment-error.ts';
import type { CommonProxyProps } from './proxy-props.ts';

/** The members of a DynamoDB table that the proxy uses. */
export type LimitsTable = Pick<ITable, 'tableName' | 'grant'>;

/**
 * The table of limits: the given one, or a new one. Undefined: the proxy has no limits.
 *
 * @throws {DeploymentError} if a rule of the limits is invalid
 */
export function limitsTableOf(scope: Construct, { limits, limitsTable }: CommonProxyProps): LimitsTable | undefined {
  if (limits) validateLimits(limits);
  if (limitsTable !== undefined && limitsTable !== true) return limitsTable;
  if (!limitsTable && !limits) return undefined;
  return new Table(scope, 'Limits', {
    partitionKey: { name: 'k', type: AttributeType.STRING },
    timeToLiveAttribute: 'x',
    billingMode: BillingMode.PAY_PER_REQUEST,
    // A new table would forget what was spent this month.
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/** Checks each rule as the function does when it starts. */
function validateLimits(limits: LimitSettings): void {
  try {
    limited(() => ({ allow: true, principal: 'anyone' }), { ...limits, store: memoryLimitStore() });
  } catch (error) {
    throw new DeploymentError(`limits are invalid: ${error instanceof Error ? error.message : error}`);
  }
}
