import { fileURLToPath } from 'node:url';
import { startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { type InvocationResult, readStreamedText, startLambdaSandbox } from '@bedrock-proxy/testing/lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const resolveFrom = fileURLToPath(new URL('..', import.meta.url));
const nodes = { 22: `${resolveFrom}node_modules/node22/bin/node`, 24: process.execPath };
const bundle = (folder: string): string => fileURLToPath(new URL(`../../packages/${folder}`, import.meta.url));

const body = JSON.stringify({
  modelId: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
  stream: true,
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hello' }],
});
const urlEvent = {
  version: '2.0',
  rawPath: '/',
  headers: { 'content-type': 'application/json' },
  requestContext: {
    domainName: 'abc.lambda-url.us-east-1.on.aws',
    stage: '$default',
    http: { method: 'POST', sourceIp: '127.0.0.1' },
  },
  body,
  isBase64Encoded: false,
};
const restEvent = {
  resource: '/{proxy+}',
  path: '/chat',
  httpMethod: 'POST',
  headers: { 'content-type': 'application/json' },
  multiValueHeaders: { 'content-type': ['application/json'] },
  pathParameters: { proxy: 'chat' },
  requestContext: { stage: 'prod', identity: { sourceIp: '127.0.0.1' } },
  body,
  isBase64Encoded: false,
};

describe.each(Object.entries(nodes))('a bundle with the runtime client on Node %s', (_version, node) => {
  let bedrock: Awaited<ReturnType<typeof startBedrockEmulator>>;
  beforeAll(async () => {
    bedrock = await startBedrockEmulator({ paceMs: 0 });
  });
  afterAll(() => bedrock.close());

  async function invoke(folder: string, event: object): Promise<InvocationResult & { readonly text?: string }> {
    await using sandbox = await startLambdaSandbox({
      bundle: bundle(folder),
      node,
      resolveFrom,
      env: { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url },
    });
    const result = await sandbox.invoke(event);
    return result.mode === 'streamed' ? { ...result, text: await readStreamedText(result) } : result;
  }

  it.each([
    ['lambda-adapter/dist/lambda', urlEvent],
    ['apigw-adapter/dist/lambda-stream', restEvent],
  ])('streams Server-Sent Events: %s', async (folder, event) => {
    expect(await invoke(folder, event)).toMatchObject({
      mode: 'streamed',
      prelude: { statusCode: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' } },
      text: expect.stringMatching(/^data: \{"content":[\s\S]*data: \[DONE\]\n\n$/),
    });
  });

  it('answers with a chunk array: apigw-adapter/dist/lambda', async () => {
    expect(await invoke('apigw-adapter/dist/lambda', restEvent)).toMatchObject({
      mode: 'buffered',
      payload: { statusCode: 200, body: expect.stringMatching(/^\[\{"content":.*\{"done":true\}\]$/) },
    });
  });
});
