import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { expiredToken, identity, startAws } from '../../deploy/src/testing/start-aws.ts';
import { describeCaller } from './describe-caller.ts';

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'aws-'));
  for (const name of Object.keys(process.env)) if (/^AWS_|^BEDROCK_/.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  writeFileSync(join(folder, 'config'), '');
  return () => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  };
});

function logIn(region = 'eu-west-1'): void {
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'a-secret');
}

describe('the line about the caller', () => {
  it('names the Region and the identity', async () => {
    await using sts = await startAws(() => ({ status: 200, body: identity }));
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url);
    logIn();
    expect(await describeCaller(process.env)).toBe(
      'Calling Amazon Bedrock in eu-west-1 as arn:aws:iam::111122223333:user/a.',
    );
  });

  it('names the Region of BEDROCK_REGION', async () => {
    await using sts = await startAws(() => ({ status: 200, body: identity }));
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url);
    vi.stubEnv('BEDROCK_REGION', 'us-west-2');
    logIn();
    expect(await describeCaller(process.env)).toContain('in us-west-2 as arn:');
  });

  it('names the variable of an API key, and never the key', async () => {
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_BEARER_TOKEN_BEDROCK', 'a-key-of-bedrock');
    expect(await describeCaller(process.env)).toBe(
      'Calling Amazon Bedrock in eu-west-1 with the API key of AWS_BEARER_TOKEN_BEDROCK.',
    );
  });

  it('asks AWS nothing about the credentials of another host', async () => {
    logIn();
    vi.stubEnv('AWS_ENDPOINT_URL_BEDROCK_RUNTIME', 'http://127.0.0.1:9');
    expect(await describeCaller(process.env)).toBe(
      'Calling Amazon Bedrock in eu-west-1 at http://127.0.0.1:9 as access key AKIAEXAMPLE.',
    );
  });

  it('says that the identity is unknown if STS cannot be reached', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_STS', 'http://127.0.0.1:9');
    logIn();
    expect(await describeCaller(process.env)).toContain('(AWS STS cannot be reached, so the identity is unknown)');
  });
});

describe('the refusal', () => {
  it('names the variable of a missing Region', async () => {
    await expect(describeCaller(process.env)).rejects.toThrow(/^No AWS Region is set: set AWS_REGION/);
  });

  it('names a profile that has no Region', async () => {
    vi.stubEnv('AWS_PROFILE', 'taem');
    await expect(describeCaller(process.env)).rejects.toThrow(
      'No AWS Region is set: set AWS_REGION; the profile "taem" has none.',
    );
  });

  it('says how to log in', async () => {
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    await expect(describeCaller(process.env)).rejects.toThrow(
      /^No AWS credentials were found: log in with the AWS CLI, or set AWS_PROFILE\./,
    );
  });

  it('names the profile that has no credentials', async () => {
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_PROFILE', 'taem');
    await expect(describeCaller(process.env)).rejects.toThrow(
      /^No AWS credentials were found: AWS_PROFILE is "taem"\. The AWS SDK says: \S/,
    );
  });

  it('says that the credentials are rejected', async () => {
    await using sts = await startAws(() => ({ status: 403, body: expiredToken }));
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url);
    logIn();
    await expect(describeCaller(process.env)).rejects.toThrow(
      'AWS rejected the credentials (ExpiredToken): log in again, or set AWS_PROFILE.',
    );
  });
});
