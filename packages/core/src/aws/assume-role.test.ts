import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { assumeRole } from './assume-role.js';
import { type ServiceAnswer, startService } from './service.test-helper.js';

const roleArn = 'arn:aws:iam::123456789012:role/canary-role';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'canary-own-key' };
const expiration = '2026-11-26T13:20:00Z';
const elements = {
  AccessKeyId: 'ASIAEXAMPLE',
  SecretAccessKey: 'canary/of+role=',
  SessionToken: 'canary-session//token==',
  Expiration: expiration,
};

/** The answer of STS with these credentials. */
function granted(given: Readonly<Record<string, string>> = elements): ServiceAnswer {
  const inner = Object.entries(given).map(([name, value]) => `<${name}>${value}</${name}>`);
  return {
    body: `<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><Arn>${roleArn}</Arn></AssumedRoleUser><Credentials>
      ${inner.join('\n')}</Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  };
}

function refused(status: number, code?: string): ServiceAnswer {
  const named = code === undefined ? '' : `<Code>${code}</Code>`;
  return {
    status,
    body: `<ErrorResponse><Error>${named}<Message>canary: ${roleArn}</Message></Error></ErrorResponse>`,
  };
}

/** Assumes the role of a service that gives this answer. */
async function ask(answer: ServiceAnswer, role: { readonly externalId?: string } = {}) {
  await using service = await startService(() => answer);
  const access = { region: 'eu-west-1', credentials, endpoint: service.url };
  const result = await assumeRole({ roleArn, ...role }, access).catch((error: unknown) => error);
  return { result, calls: service.calls };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('assumeRole', () => {
  it('gives the credentials of the role, and when they end', async () => {
    expect((await ask(granted())).result).toEqual({
      ...{ accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'canary/of+role=', sessionToken: 'canary-session//token==' },
      expiration: new Date(expiration),
    });
  });

  it('asks STS as a form, signed by the own role', async () => {
    const { calls } = await ask(granted());
    expect(calls).toHaveLength(1);
    expect(Object.fromEntries(new URLSearchParams(calls[0]?.body))).toEqual({
      ...{ Action: 'AssumeRole', Version: '2011-06-15', RoleArn: roleArn, RoleSessionName: 'bedrock-proxy' },
    });
    expect(calls[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(calls[0]?.headers.authorization).toMatch(/Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/sts\/aws4_request/);
  });

  it('sends the external id if there is one, as it is', async () => {
    const { calls } = await ask(granted(), { externalId: 'a b&c=ä' });
    expect(new URLSearchParams(calls[0]?.body).get('ExternalId')).toBe('a b&c=ä');
  });

  it.each([
    [refused(403, 'AccessDenied'), 'AccessDeniedException', 'STS refused: 403, AccessDenied, when'],
    [refused(400, 'ValidationError'), 'AccessDeniedException', 'STS refused: 400, ValidationError, when'],
    [refused(403), 'AccessDeniedException', 'STS refused: 403, no code, when'],
    [refused(400, 'Throttling'), 'ServiceUnavailableException', 'STS refused: 400, Throttling, when'],
    [refused(400, 'ThrottlingException'), 'ServiceUnavailableException', 'STS refused: 400, ThrottlingException, when'],
    [refused(500, 'InternalFailure'), 'ServiceUnavailableException', 'STS refused: 500, InternalFailure, when'],
    [{ status: 503, body: 'canary' }, 'ServiceUnavailableException', 'STS refused: 503, no code, when'],
    [{ body: '' }, 'ServiceUnavailableException', 'the answer of STS has no credentials, when'],
    ...Object.keys(elements).map((missing): [ServiceAnswer, string, string] => {
      const others = Object.entries(elements).filter(([name]) => name !== missing);
      return [
        granted(Object.fromEntries(others)),
        'ServiceUnavailableException',
        'the answer of STS has no credentials, when',
      ];
    }),
  ] as const)('rejects for the answer %j as %s', async (answer, name, message) => {
    const { result } = await ask(answer);
    expect(result).toBeInstanceOf(Error);
    expect(result).toMatchObject({ name, message: `${message} a role was to be assumed` });
    expect(inspect(result, { depth: 9, showHidden: true })).not.toMatch(/canary|123456789012/);
  });

  it('rejects as a service that cannot be reached if there is no answer', async () => {
    const service = await startService(() => undefined);
    await service[Symbol.asyncDispose]();
    const access = { region: 'eu-west-1', credentials, endpoint: service.url };
    await expect(assumeRole({ roleArn }, access)).rejects.toMatchObject({
      name: 'ServiceUnavailableException',
      message: 'STS gave no answer, when a role was to be assumed',
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it('does not wait longer than five seconds', async () => {
    const clock = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(clock.signal);
    await using service = await startService(() => {
      clock.abort();
      return undefined;
    });
    const access = { region: 'eu-west-1', credentials, endpoint: service.url };
    await expect(assumeRole({ roleArn }, access)).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
    expect(timeout).toHaveBeenCalledExactlyOnceWith(5_000);
  });

  it('rejects with the error of the SDK if the own role has no credentials', async () => {
    const missing = Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
    const access = { region: 'eu-west-1', credentials: () => Promise.reject(missing), endpoint: 'http://127.0.0.1:1' };
    await expect(assumeRole({ roleArn }, access)).rejects.toBe(missing);
  });
});
