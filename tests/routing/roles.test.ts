import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type FakeService, startService } from '../../packages/core/src/aws/service.test-helper.ts';
import { connectInvoker } from '../../packages/core/src/config/connect-invoker.ts';

const roleArn = 'arn:aws:iam::123456789012:role/other';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a target with a role', () => {
  const minute = 60_000;

  /** Calls a target with a role twice, where the credentials of the role end after `lifeMs`. */
  async function callTwice(lifeMs: number) {
    await using sts = await startService(() => grant(sts, lifeMs));
    await using bedrock = await startService(() => ({ body: '{}' }));
    vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url);
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDOWN');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'own-secret');
    const targets = [{ model: 'a.b', roleArn, externalId: 'x' }];
    const options = { region: 'eu-west-1', endpoint: bedrock.url, maxAttempts: 1 };
    const invoker = connectInvoker(createBedrockInvoker, options, { name: { targets } });
    const signal = new AbortController().signal;
    for (let call = 0; call < 2; call += 1) {
      await invoker.invoke({ operation: 'invoke-model', modelId: 'a.b', body: Buffer.from('{}'), signal, targets });
    }
    return { asked: sts.calls, keys: bedrock.calls.map(({ headers }) => keyOf(headers.authorization)) };
  }

  it('is called with the credentials of the role, which are kept until shortly before they end', async () => {
    const { asked, keys } = await callTwice(60 * minute);
    expect(keys).toEqual(['ASIA1', 'ASIA1']);
    expect(asked.map(({ headers }) => keyOf(headers.authorization))).toEqual(['AKIDOWN']);
    expect(new URLSearchParams(asked[0]?.body).get('RoleArn')).toBe(roleArn);
    expect(new URLSearchParams(asked[0]?.body).get('ExternalId')).toBe('x');
  });

  it('is never called with credentials that have ended: STS is asked again', async () => {
    const { asked, keys } = await callTwice(-minute);
    expect(keys).toHaveLength(2);
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(keys).size).toBe(2);
  });
});

function grant({ calls }: FakeService, lifeMs: number) {
  const expiration = new Date(Date.now() + lifeMs).toISOString();
  return {
    body: `<AccessKeyId>ASIA${calls.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
      <SessionToken>t</SessionToken><Expiration>${expiration}</Expiration>`,
  };
}

function keyOf(authorization = ''): string | undefined {
  return /Credential=(\w+)\//.exec(authorization)?.[1];
}
