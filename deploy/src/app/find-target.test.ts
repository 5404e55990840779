import { beforeEach, expect, it, vi } from 'vitest';
import { expiredToken, identity, startAws } from '../testing/start-aws.ts';
import { findTarget } from './find-target.ts';

const refusal = (message: string) => expect.objectContaining({ name: 'DeploymentError', message });

beforeEach(() => {
  vi.unstubAllEnvs();
  const machine = ['AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  for (const name of machine) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere/credentials');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});

function logIn(): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
}

it('returns the account of the credentials and the requested Region', async () => {
  await using sts = await startAws(() => ({ status: 200, body: identity }));
  vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  logIn();
  expect(await findTarget({})).toEqual({ account: '111122223333', region: 'us-east-1' });
  expect(await findTarget({ region: 'eu-west-1' })).toEqual({ account: '111122223333', region: 'eu-west-1' });
});

it('rejects if no Region is set', async () => {
  await expect(findTarget({})).rejects.toEqual(refusal('No AWS Region is set: pass --region or set AWS_REGION.'));
});

it('rejects a Region whose name is invalid', async () => {
  await expect(findTarget({ region: 'Ireland' })).rejects.toEqual(
    refusal('"Ireland" is not a Region: use one such as eu-west-1.'),
  );
});

it('rejects if there are no credentials', async () => {
  await expect(findTarget({ region: 'eu-west-1' })).rejects.toEqual(
    refusal('No AWS credentials were found: log in with the AWS CLI or set AWS_PROFILE.'),
  );
});

it('rejects a profile that does not exist, although there are other credentials', async () => {
  logIn();
  await expect(findTarget({ region: 'eu-west-1', profile: 'taem' })).rejects.toEqual(
    refusal('There is no AWS profile "taem" (known: none): correct --profile, or run aws configure --profile taem.'),
  );
});

it('rejects if AWS rejects the credentials', async () => {
  await using sts = await startAws(() => ({ status: 403, body: expiredToken }));
  vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url);
  logIn();
  await expect(findTarget({ region: 'eu-west-1' })).rejects.toEqual(
    refusal('AWS rejected the credentials (ExpiredToken): log in again or set AWS_PROFILE.'),
  );
});

it('rejects if there is no network', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL_STS', 'http://127.0.0.1:9');
  logIn();
  await expect(findTarget({ region: 'eu-west-1' })).rejects.toEqual(
    refusal('AWS cannot be reached: check the network connection.'),
  );
});
