import { createHash, createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHttpTransport, type HttpPost } from './create-http-transport.js';
import { type ReceivedCall, startService } from './service.test-helper.js';
import { type JsonOperation, type ServiceAccess, signedCall, signedSender } from './signed-call.js';

vi.mock('./create-http-transport.js', { spy: true });

const operation: JsonOperation = {
  ...{ service: 'secretsmanager', endpointVariable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER', keepAlive: true },
  ...{ target: 'secretsmanager.GetSecretValue', version: '1.1' },
};
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'canary-secret-key',
  sessionToken: 'canary-session',
};
const region = 'eu-west-1';
const never = new AbortController().signal;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('a request', () => {
  it('names its operation in its headers, has the body as JSON, and is signed for the service in its Region', async () => {
    await using service = await startService(() => ({ body: '{"a":1}' }));
    const call = signedCall(operation, 'my-secret', { region, credentials, endpoint: service.url });
    expect(await call({ SecretId: 'my-secret', é: 1 }, never)).toEqual({ a: 1 });
    const [received] = service.calls;
    expect(received).toMatchObject({
      ...{ method: 'POST', url: '/', body: '{"SecretId":"my-secret","é":1}' },
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'secretsmanager.GetSecretValue',
        'x-amz-security-token': 'canary-session',
        host: new URL(service.url).host,
      },
    });
    if (received) expectSignature(received, 'secretsmanager', region);
  });

  it('has no session token if the credentials have none, and goes to the path of its endpoint', async () => {
    await using service = await startService(() => ({ body: '{}' }));
    const { sessionToken: _, ...ownKeys } = credentials;
    const access = { region, credentials: ownKeys, endpoint: `${service.url}/a/b` };
    await signedCall(operation, 'my-secret', access)({}, never);
    const [received] = service.calls;
    expect(received?.url).toBe('/a/b');
    expect(received?.headers).not.toHaveProperty('x-amz-security-token');
    if (received) expectSignature(received, 'secretsmanager', region);
  });

  it('is signed with the credentials of its time, which are asked for again', async () => {
    await using service = await startService(() => ({ body: '{}' }));
    let version = 0;
    const provide = vi.fn(async () => ({ ...credentials, accessKeyId: `AKID${++version}` }));
    const call = signedCall(operation, 'my-secret', { region, credentials: provide, endpoint: service.url });
    await call({}, never);
    await call({}, never);
    const keys = service.calls.map(({ headers }) => /Credential=(\w+)\//.exec(headers.authorization ?? '')?.[1]);
    expect(new Set(keys).size).toBe(2);
  });
});

describe('the Region', () => {
  const arn = 'arn:aws:secretsmanager:ap-south-1:123456789012:secret:a';

  it.each<[name: string, id: string, access: ServiceAccess, environment: Record<string, string>, expected: string]>([
    ['the one given', arn, { region: 'eu-west-1' }, { AWS_REGION: 'us-east-1' }, 'eu-west-1'],
    ['else that of the ARN', arn, {}, { AWS_REGION: 'us-east-1' }, 'ap-south-1'],
    ['else AWS_REGION', 'a', {}, { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-west-2' }, 'us-east-1'],
    ['else AWS_DEFAULT_REGION', 'a', {}, { AWS_REGION: '', AWS_DEFAULT_REGION: 'us-west-2' }, 'us-west-2'],
  ])('is %s', async (_, id, access, environment, expected) => {
    const requests = catchRequests(environment);
    await signedSender(operation, id, { credentials, ...access })({}, '', never);
    expect(requests[0]?.target.hostname).toBe(`secretsmanager.${expected}.amazonaws.com`);
    expect(requests[0]?.headers['authorization']).toContain(`/${expected}/secretsmanager/aws4_request`);
  });

  it('must be known: the error says how to set it', async () => {
    catchRequests({ AWS_REGION: '', AWS_DEFAULT_REGION: '' });
    const send = signedSender(operation, 'a', { credentials });
    await expect(send({}, '', never)).rejects.toThrow(
      'No region for secretsmanager: set AWS_REGION, or use the ARN as the name.',
    );
  });
});

describe('the endpoint', () => {
  const own = { AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://own:1', AWS_ENDPOINT_URL: 'http://shared:2' };
  const regional = { protocol: 'https:', hostname: 'secretsmanager.eu-west-1.amazonaws.com' };

  it.each<[name: string, access: ServiceAccess, environment: Record<string, string>, expected: object]>([
    ['the one given', { endpoint: 'http://given:3' }, own, { protocol: 'http:', hostname: 'given', port: 3 }],
    ['else the variable of the service', {}, own, { hostname: 'own', port: 1 }],
    ['else AWS_ENDPOINT_URL', {}, { ...own, AWS_ENDPOINT_URL_SECRETS_MANAGER: '' }, { hostname: 'shared', port: 2 }],
    ['else that of the Region', {}, {}, regional],
    [
      'that of the Region if variables are ignored',
      {},
      { ...own, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      regional,
    ],
    ['that of China', { region: 'cn-north-1' }, {}, { hostname: 'secretsmanager.cn-north-1.amazonaws.com.cn' }],
  ])('is %s', async (_, access, environment, expected) => {
    const requests = catchRequests(environment);
    await signedSender(operation, 'a', { region, credentials, ...access })({}, '', never);
    expect(requests).toMatchObject([{ target: expected }]);
  });
});

describe('a refusal', () => {
  const secret = 'canary-of-the-answer';

  it.each<[name: string, headers: Record<string, string>, body: string, exception: string]>([
    ['a member', {}, '{"__type":"ResourceNotFoundException"}', 'ResourceNotFoundException'],
    [
      'a member with a namespace',
      {},
      '{"__type":"com.amazonaws.secretsmanager#DecryptionFailure"}',
      'DecryptionFailure',
    ],
    ['a header', { 'x-amzn-errortype': 'AccessDeniedException' }, '', 'AccessDeniedException'],
    ['a header with a URL', { 'x-amzn-errortype': 'ThrottlingException:http://a.b/' }, '{}', 'ThrottlingException'],
    ['nothing', {}, '<html>', ''],
    ['a word that is none', {}, '{"__type":"1234"}', ''],
  ])('is named by %s', async (_, headers, body, exception) => {
    await using service = await startService(() => ({ status: 400, headers, body }));
    const call = signedCall(operation, 'a', { region, credentials, endpoint: service.url });
    const shown = exception || 'no exception named';
    await expect(call({}, never)).rejects.toMatchObject({
      ...{ name: 'CallRefused', exception },
      message: `secretsmanager.GetSecretValue was refused: 400, ${shown}.`,
    });
  });

  it('gives the answer to its caller alone: neither the error, its stack nor its JSON holds it, or a credential', async () => {
    const body = JSON.stringify({ __type: 'ConditionalCheckFailedException', Item: secret });
    await using service = await startService(() => ({ status: 400, body }));
    const call = signedCall(operation, 'a', { region, credentials, endpoint: service.url });
    const error: unknown = await call({}, never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ answer: { Item: secret } });
    expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain('canary');
  });
});

describe('an answer', () => {
  it('that is not JSON is none, and no error quotes it', async () => {
    await using service = await startService(() => ({ body: 'canary, not JSON' }));
    const call = signedCall(operation, 'a', { region, credentials, endpoint: service.url });
    expect(await call({}, never)).toBeUndefined();
  });

  it('may have half a mebibyte, and not a byte more', async () => {
    const most = 512 * 1024;
    let length = most;
    await using service = await startService(() => ({ body: `"${'x'.repeat(length - 2)}"` }));
    const call = signedCall(operation, 'a', { region, credentials, endpoint: service.url });
    expect(await call({}, never)).toHaveLength(most - 2);
    length += 1;
    await expect(call({}, never)).rejects.toThrow(`The answer is over ${most} bytes.`);
  });

  it('of any status is handed on by a sender', async () => {
    await using service = await startService(() => ({ status: 503, headers: { 'x-a': 'b' }, body: 'no' }));
    const send = signedSender(operation, 'a', { region, credentials, endpoint: service.url });
    expect(await send({}, '', never)).toMatchObject({ status: 503, headers: { 'x-a': 'b' }, text: 'no' });
  });
});

describe('a call that is given up', () => {
  it('is not sent if that was before', async () => {
    await using service = await startService(() => ({ body: '{}' }));
    const call = signedCall(operation, 'a', { region, credentials, endpoint: service.url });
    await expect(call({}, AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up');
    expect(service.calls).toEqual([]);
  });

  it('is cut off if it is under way', async () => {
    const caller = new AbortController();
    await using service = await startService(() => {
      caller.abort();
      return undefined;
    });
    const call = signedCall(operation, 'a', { region, credentials, endpoint: service.url });
    await expect(call({}, caller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('because there are no credentials is not sent either', async () => {
    await using service = await startService(() => ({ body: '{}' }));
    const none = () => Promise.reject(new Error('no credentials'));
    const call = signedCall(operation, 'a', { region, credentials: none, endpoint: service.url });
    await expect(call({}, never)).rejects.toThrow('no credentials');
    expect(service.calls).toEqual([]);
  });
});

describe('the connection', () => {
  async function socketsOf(keepAlive: boolean, pauseMs: number): Promise<number> {
    await using service = await startService(() => ({ body: '{}' }));
    const call = signedCall({ ...operation, keepAlive }, 'a', { region, credentials, endpoint: service.url });
    const now = vi.spyOn(Date, 'now');
    await call({}, never);
    now.mockReturnValue(Date.now() + pauseMs);
    await call({}, never);
    return new Set(service.calls.map(({ socket }) => socket)).size;
  }

  it('stays open for a call that follows within 20 s', async () => {
    expect(await socketsOf(true, 19_000)).toBe(1);
  });

  it('is a new one after that, because Lambda may have frozen the process', async () => {
    expect(await socketsOf(true, 21_000)).toBe(2);
  });

  it('is a new one for each call of a service that is rarely called', async () => {
    expect(await socketsOf(false, 0)).toBe(2);
  });
});

/** The requests that would be sent, in this environment. */
function catchRequests(environment: Readonly<Record<string, string>>) {
  const variables = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_SECRETS_MANAGER', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'];
  for (const name of variables) vi.stubEnv(name, '');
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const requests: HttpPost[] = [];
  vi.mocked(createHttpTransport).mockReturnValueOnce({
    async post(request) {
      requests.push(request);
      return Object.assign(Readable.from([]), { statusCode: 200, headers: {} });
    },
    close() {},
  });
  return requests;
}

/** Computes the signature of a request as AWS does (Signature Version 4), and expects it to be there. */
function expectSignature({ method, url, headers, body }: ReceivedCall, service: string, of: string): void {
  const [, scope = '', names = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/(\S+), SignedHeaders=(\S+), Signature=(\w+)$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const date = String(headers['x-amz-date']);
  expect(scope).toBe(`${date.slice(0, 8)}/${of}/${service}/aws4_request`);
  expect(names.split(';')).toEqual(expect.arrayContaining(['content-type', 'host', 'x-amz-date', 'x-amz-target']));
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, url, '', signed.join(''), names, sha256(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  expect(signature).toBe(hmac(key, toSign).toString('hex'));
}
