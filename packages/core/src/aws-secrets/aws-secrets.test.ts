import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AccessPolicy } from '../access/access-policy.js';
import { parameterStoreTokens, secretsManagerTokens } from './index.js';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'canary-key', sessionToken: 'session' };
const records = JSON.stringify([{ id: 'team-a', token: 'token-of-team-a' }]);

interface Received {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  vi.unstubAllEnvs();
});

/** A store on 127.0.0.1 that answers as it is told, and what came to it. */
async function startStore(respond: RequestListener): Promise<{ readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: JSON.parse(Buffer.concat(pieces).toString()) });
    respond(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

const answering =
  (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

interface Store {
  readonly name: string;
  readonly variable: string;
  readonly target: string;
  readonly sent: object;
  holding(text: unknown): object;
  policy(options: { region?: string; endpoint?: string; timeoutMs?: number; id?: string }): AccessPolicy;
}

const stores: readonly Store[] = [
  {
    name: 'secretsmanager',
    variable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
    target: 'secretsmanager.GetSecretValue',
    sent: { SecretId: 'tokens' },
    holding: (text) => ({ Name: 'tokens', SecretString: text }),
    policy: ({ id = 'tokens', ...options }) => secretsManagerTokens({ secretId: id, credentials, ...options }),
  },
  {
    name: 'ssm',
    variable: 'AWS_ENDPOINT_URL_SSM',
    target: 'AmazonSSM.GetParameter',
    sent: { Name: 'tokens', WithDecryption: true },
    holding: (text) => ({ Parameter: { Name: 'tokens', Type: 'SecureString', Value: text } }),
    policy: ({ id = 'tokens', ...options }) => parameterStoreTokens({ parameter: id, credentials, ...options }),
  },
];

describe.each(stores)('the tokens in $name', ({ name, variable, target, sent, holding, policy }) => {
  it('come by one signed request', async () => {
    const { url, received } = await startStore(answering(200, holding(records)));
    const judge = policy({ region: 'eu-west-1', endpoint: url });
    expect(await judge({ requestId: '1', token: 'token-of-team-a' })).toEqual({ allow: true, principal: 'team-a' });
    expect(await judge({ requestId: '2', token: 'token-of-team-a' })).toMatchObject({ allow: true });
    expect(received).toEqual([
      {
        method: 'POST',
        url: '/',
        body: sent,
        headers: expect.objectContaining({
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': target,
          'x-amz-security-token': 'session',
          authorization: expect.stringMatching(
            new RegExp(
              `^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\\d{8}/eu-west-1/${name}/aws4_request, SignedHeaders=\\S*host;`,
            ),
          ),
        }),
      },
    ]);
    expect(JSON.stringify(received)).not.toContain('canary-key');
  });

  it('may be one bare token', async () => {
    const { url } = await startStore(answering(200, holding('a-bare-token')));
    const judge = policy({ region: 'eu-west-1', endpoint: url });
    expect(await judge({ requestId: '1', token: 'a-bare-token' })).toEqual({ allow: true, principal: 'default' });
  });

  it.each<[string, Record<string, string>, string, string]>([
    ['the ARN', { AWS_REGION: 'us-east-1' }, `arn:aws:${name}:eu-north-1:111122223333:x`, 'eu-north-1'],
    ['AWS_REGION', { AWS_REGION: 'eu-west-3', AWS_DEFAULT_REGION: 'us-east-1' }, 'tokens', 'eu-west-3'],
    ['AWS_DEFAULT_REGION', { AWS_REGION: '', AWS_DEFAULT_REGION: 'us-west-2' }, 'tokens', 'us-west-2'],
  ])('are asked for in the region of %s', async (_, environment, id, region) => {
    const { url, received } = await startStore(answering(200, holding(records)));
    for (const [key, value] of Object.entries(environment)) vi.stubEnv(key, value);
    await policy({ endpoint: url, id })({ requestId: '1', token: 'token-of-team-a' });
    expect(received[0]?.headers.authorization).toContain(`/${region}/${name}/`);
  });

  it.each([variable, 'AWS_ENDPOINT_URL'])('are asked for where %s says', async (endpointVariable) => {
    const { url } = await startStore(answering(200, holding(records)));
    vi.stubEnv(endpointVariable, url);
    const judge = policy({ region: 'eu-west-1' });
    expect(await judge({ requestId: '1', token: 'token-of-team-a' })).toMatchObject({ allow: true });
  });

  it.each<[string, RequestListener, RegExp]>([
    [
      'refuses',
      answering(400, { __type: 'com.amazonaws#AccessDeniedException', message: 'canary' }),
      /was refused: 400, AccessDeniedException\.$/,
    ],
    [
      'refuses by a header',
      answering(400, 'canary', { 'x-amzn-errortype': 'ResourceNotFoundException:http://canary/' }),
      /was refused: 400, ResourceNotFoundException\.$/,
    ],
    ['fails', answering(500, '<canary>'), /was refused: 500, no exception named\.$/],
    ['redirects', answering(302, '', { location: 'http://127.0.0.1:1/' }), /302/],
    ['closes the connection', (request) => request.socket.destroy(), /./],
    ['says nothing', answering(200, ''), /gave no/],
    ['speaks no JSON', answering(200, 'canary'), /gave no/],
    ['says null', answering(200, 'null'), /gave no/],
    ['has something else', answering(200, { canary: records }), /gave no/],
    ['has no text', answering(200, holding({ canary: true })), /gave no/],
    ['has binary', answering(200, { SecretBinary: 'Y2FuYXJ5' }), /gave no/],
    ['holds an empty text', answering(200, holding('')), /must be printable/],
    ['holds a blank text', answering(200, holding(' \n')), /must be printable/],
    ['holds half a JSON', answering(200, holding('[{"id":"canary"')), /not valid JSON/],
    ['holds one object', answering(200, holding('{"token":"canary-token"}')), /must be an array/],
    ['holds an unusable record', answering(200, holding('[{"id":"canary"}]')), /needs token or sha256/],
    ['holds a short token', answering(200, holding('canary')), /at least 8/],
    ['never answers', () => {}, /No answer within 50 ms/],
    ['never ends its answer', (_request, response) => void response.writeHead(200).write('{"Secret'), /within 50 ms/],
    [
      'answers without end',
      (_request, response) => void response.end(Buffer.alloc(600_000, 'canary')),
      /is over 524288/,
    ],
  ])('let nobody in where the store %s', async (misbehaviour, respond, reason) => {
    const { url } = await startStore(respond);
    const timeoutMs = misbehaviour.startsWith('never') ? 50 : 2_000;
    const judge = policy({ region: 'eu-west-1', endpoint: url, timeoutMs });
    const decision = await judge({ requestId: '1', token: 'canary-token' });
    expect(decision).toMatchObject({ allow: false, code: 'auth_unavailable', cause: expect.any(Error) });
    const { message, stack, cause } = (decision as unknown as { cause: Error }).cause;
    expect(message).toMatch(reason);
    expect(`${message}${stack}${String(cause)}`).not.toContain('canary');
  });

  it('let nobody in where there is no region', async () => {
    for (const key of ['AWS_REGION', 'AWS_DEFAULT_REGION']) vi.stubEnv(key, '');
    expect(await policy({})({ requestId: '1', token: 'any' })).toMatchObject({
      code: 'auth_unavailable',
      cause: expect.objectContaining({ message: expect.stringContaining('set AWS_REGION') }),
    });
  });

  it('let nobody in where the store cannot be reached', async () => {
    const { url } = await startStore(answering(200, holding(records)));
    servers.splice(0)[0]?.close();
    expect(await policy({ region: 'eu-west-1', endpoint: url })({ requestId: '1', token: 'any' })).toMatchObject({
      code: 'auth_unavailable',
      cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
    });
  });
});
