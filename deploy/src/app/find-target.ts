import { GetCallerIdentityCommand, STSClient, STSServiceException } from '@aws-sdk/client-sts';
import { describeUnknownProfile } from '../../../scripts/describe-unknown-profile.mjs';
import { DeploymentError } from '../deployment-error.ts';
import { isRegionName } from '../is-region-name.ts';

/** The account and the Region to deploy to. */
export interface Target {
  readonly account: string;
  readonly region: string;
}

/** The target options of the command line. */
export interface TargetOptions {
  readonly region?: string;
  readonly profile?: string;
}

/**
 * Finds the Region and the credentials as the AWS CLI does, then asks AWS for the account of the credentials.
 *
 * @throws {DeploymentError} if the profile does not exist, there is no Region, there are no credentials, or AWS rejects them
 */
export async function findTarget(options: TargetOptions): Promise<Target> {
  const unknownProfile = describeUnknownProfile(options.profile);
  if (unknownProfile !== undefined) throw new DeploymentError(unknownProfile);
  const client = new STSClient({ ...options, maxAttempts: 2 });
  const region = await client.config.region().catch(() => {
    throw new DeploymentError('No AWS Region is set: pass --region or set AWS_REGION.');
  });
  if (!isRegionName(region)) {
    throw new DeploymentError(`"${region}" is not a Region: use one such as eu-west-1.`);
  }
  await client.config.credentials().catch(() => {
    throw new DeploymentError('No AWS credentials were found: log in with the AWS CLI or set AWS_PROFILE.');
  });
  try {
    const { Account: account = '' } = await client.send(new GetCallerIdentityCommand());
    return { account, region };
  } catch (error) {
    if (!(error instanceof STSServiceException))
      throw new DeploymentError('AWS cannot be reached: check the network connection.');
    throw new DeploymentError(`AWS rejected the credentials (${error.name}): log in again or set AWS_PROFILE.`);
  } finally {
    client.destroy();
  }
}
