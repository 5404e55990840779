import { GetCallerIdentityCommand, STSClient, STSServiceException } from '@aws-sdk/client-sts';

/**
 * Finds the Region and the identity that Amazon Bedrock is called with, in the same way as the AWS CLI. Returns one line for a
 * person. Throws an error that says what to set, if there is no Region, there are no credentials, or AWS rejects them.
 */
export async function describeCaller(environment: NodeJS.ProcessEnv): Promise<string> {
  const client = new STSClient({ maxAttempts: 2, requestHandler: { requestTimeout: 5_000, connectionTimeout: 3_000 } });
  try {
    const region = environment['BEDROCK_REGION'] ?? (await findRegion(client, environment));
    const place = `Calling Amazon Bedrock in ${region}`;
    if (environment['AWS_BEARER_TOKEN_BEDROCK']) return `${place} with the API key of AWS_BEARER_TOKEN_BEDROCK.`;
    const { accessKeyId } = await findCredentials(client, environment);
    // Another host judges these credentials, so AWS need not know them.
    const host = environment['AWS_ENDPOINT_URL_BEDROCK_RUNTIME'];
    if (host && !environment['AWS_ENDPOINT_URL_STS']) return `${place} at ${host} as access key ${accessKeyId}.`;
    return `${place} ${await findIdentity(client)}.`;
  } finally {
    client.destroy();
  }
}

async function findRegion({ config }: STSClient, { AWS_PROFILE: profile }: NodeJS.ProcessEnv): Promise<string> {
  return config.region().catch(() => {
    const why = profile === undefined ? '' : `; the profile "${profile}" has none`;
    throw new Error(`No AWS Region is set: set AWS_REGION${why}.`);
  });
}

async function findCredentials({ config }: STSClient, { AWS_PROFILE: profile }: NodeJS.ProcessEnv) {
  return config.credentials().catch((error: unknown) => {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    const where = profile === undefined ? 'log in with the AWS CLI, or set AWS_PROFILE' : `AWS_PROFILE is "${profile}"`;
    throw new Error(`No AWS credentials were found: ${where}. The AWS SDK says: ${sentence}`);
  });
}

async function findIdentity(client: STSClient): Promise<string> {
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand());
    return `as ${Arn}`;
  } catch (error) {
    // A network may reach Bedrock and not STS.
    if (!(error instanceof STSServiceException)) return '(AWS STS cannot be reached, so the identity is unknown)';
    throw new Error(`AWS rejected the credentials (${error.name}): log in again, or set AWS_PROFILE.`);
  }
}
