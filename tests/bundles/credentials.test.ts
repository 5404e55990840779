import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { readStreamedText, startLambdaSandbox } from '@bedrock-proxy/testing/lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const bundle = fileURLToPath(new URL('../../packages/lambda-adapter/dist/lambda', import.meta.url));
const resolveFrom = fileURLToPath(new URL('..', import.meta.url));
const event = {
  version: '2.0',
  rawPath: '/',
  headers: {},
  requestContext: { domainName: 'abc.lambda-url.us-east-1.on.aws', stage: '$default', http: { method: 'POST' } },
  body: '{"modelId":"meta.llama3-8b-instruct-v1:0","stream":true,"prompt":"Hello"}',
  isBase64Encoded: false,
};
const noCredentials = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' };

/** The bundle replaces the SDK's search for credentials with its own. */
describe('a bundle', () => {
  let bedrock: Awaited<ReturnType<typeof startBedrockEmulator>>;
  const container = createServer((request, response) => {
    const isKnown = request.url === '/role' && request.headers.authorization === 'container-token';
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        AccessKeyId: 'ASIAFROMTHECONTAINER',
        SecretAccessKey: 'secret',
        Token: 'session',
        Expiration: new Date(Date.now() + 3_600_000).toISOString(),
      }),
    );
  });
  beforeAll(async () => {
    bedrock = await startBedrockEmulator({ paceMs: 0 });
    await once(container.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(async () => {
    container.close();
    await bedrock.close();
  });

  async function answerWith(env: Record<string, string>) {
    await using sandbox = await startLambdaSandbox({
      ...{ bundle, resolveFrom },
      env: { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url, ...env },
    });
    const result = await sandbox.invoke(event);
    const text = result.mode === 'streamed' ? await readStreamedText(result) : undefined;
    return { text, authorization: bedrock.requests.at(-1)?.headers.authorization };
  }

  it('signs with the credentials in its environment', async () => {
    const { text, authorization } = await answerWith({});
    expect(text).toContain('data: [DONE]');
    expect(authorization).toContain('Credential=ASIAEXAMPLEEXAMPLE00/');
  });

  it('signs with the credentials of the container endpoint if the environment has none', async () => {
    const { port } = container.address() as AddressInfo;
    const { text, authorization } = await answerWith({
      ...noCredentials,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/role`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'container-token',
    });
    expect(text).toContain('data: [DONE]');
    expect(authorization).toContain('Credential=ASIAFROMTHECONTAINER/');
  });

  it('sends the bearer token for Bedrock in its environment', async () => {
    const { text, authorization } = await answerWith({ ...noCredentials, AWS_BEARER_TOKEN_BEDROCK: 'bedrock-key' });
    expect(text).toContain('data: [DONE]');
    expect(authorization).toBe('Bearer bedrock-key');
  });

  it('refuses the request without a call of Bedrock if it finds no credentials', async () => {
    const before = bedrock.requests.length;
    const { text } = await answerWith(noCredentials);
    expect(text).toContain('"code":"upstream_denied"');
    expect(bedrock.requests).toHaveLength(before);
  });
});
