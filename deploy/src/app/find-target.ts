import { GetCallerIdentityCommand, STSClient, STSServiceException } from '@aws-sdk/client-sts';
import { DeploymentError } from '../deployment-error.ts';
import { isRegionName } from '../is-region-name.ts';

/** Where a stack goes. */
export interface Target {
  readonly account: string;
  readonly region: string;
}

/** What the command line says about it. */
export interface TargetOptions {
  readonly region?: string;
  readonly profile?: string;
}

/**
 * Asks AWS whose credentials these are. Region and credentials are found as the AWS CLI finds them.
 *
 * @throws {DeploymentError} where there is no Region, there are no credentials, or they are not good
 */
export async function findTarget(options: TargetOptions): Promise<Target> {
  const client = new STSClient({ ...options, maxAttempts: 2 });
  const region = await client.config.region().catch(() => {
    throw new DeploymentError('There is no Region: give --region, or set AWS_REGION.');
  });
  if (!isRegionName(region)) {
    throw new DeploymentError(`"${region}" is no Region: give one such as eu-west-1.`);
  }
  await client.config.credentials().catch(() => {
    throw new DeploymentError('There are no AWS credentials: log in with the AWS CLI, or set AWS_PROFILE.');
  });
  try {
    const { Account: account = '' } = await client.send(new GetCallerIdentityCommand());
    return { account, region };
  } catch (error) {
    if (!(error instanceof STSServiceException))
      throw new DeploymentError('AWS is out of reach from here: is the network up?');
    throw new DeploymentError(`AWS does not accept the credentials (${error.name}): log in again, or set AWS_PROFILE.`);
  } finally {
    client.destroy();
  }
}
