import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BedrockEmulator, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { type InvocationResult, readStreamedText, startLambdaSandbox } from '@bedrock-proxy/testing/lambda';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Front } from './app-options.ts';
import { stackName } from './proxy-stack.ts';
import { synthesize } from './synthesize.ts';

vi.stubEnv('CDK_VALIDATION', 'false');

const modelId = 'global.anthropic.claude-haiku-5-5';
const folder = mkdtempSync(join(tmpdir(), 'assets-'));
let bedrock: BedrockEmulator;
beforeAll(async () => {
  bedrock = await startBedrockEmulator({ paceMs: 0 });
});
afterAll(async () => {
  await bedrock.close();
  rmSync(folder, { recursive: true, force: true });
});

interface FunctionResource {
  readonly Type: string;
  readonly Properties: {
    readonly Handler: string;
    readonly Environment: { readonly Variables: Record<string, string> };
  };
}

/** The folder of the unpacked asset of an endpoint, and the resources of its template. */
function synthesizedAsset(front: Front) {
  const options = { models: [modelId], auth: { allowAnonymous: true }, hasFirewall: false } as const;
  const assembly = join(folder, front);
  synthesize([front], options, {}, assembly);
  const { files } = JSON.parse(readFileSync(join(assembly, `${stackName(front)}.assets.json`), 'utf8'));
  const [zip = ''] = Object.values<{ source: { path: string } }>(files)
    .map(({ source }) => source.path)
    .filter((path) => path.endsWith('.zip'));
  const bundle = join(assembly, 'bundle');
  mkdirSync(bundle);
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(join(assembly, zip))))) {
    writeFileSync(join(bundle, name), bytes);
  }
  const template = JSON.parse(readFileSync(join(assembly, `${stackName(front)}.template.json`), 'utf8'));
  return { bundle, resources: Object.values<FunctionResource>(template.Resources) };
}

/** The only function of a template: the folder of its unpacked asset, its handler and its environment variables. */
function deployed(front: Front) {
  const { bundle, resources } = synthesizedAsset(front);
  const lambda = resources.find(({ Type }) => Type === 'AWS::Lambda::Function');
  if (lambda === undefined) throw new Error('The template has no function.');
  return { bundle, handler: lambda.Properties.Handler, env: lambda.Properties.Environment.Variables };
}

async function invoke(front: Front, event: object): Promise<InvocationResult & { readonly text?: string }> {
  const { bundle, handler, env } = deployed(front);
  await using sandbox = await startLambdaSandbox({
    bundle,
    handler,
    env: { ...env, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url },
    resolveFrom: fileURLToPath(new URL('.', import.meta.url)),
  });
  const result = await sandbox.invoke(event);
  return result.mode === 'streamed' ? { ...result, text: await readStreamedText(result) } : result;
}

const body = (model: string) =>
  JSON.stringify({
    modelId: model,
    stream: true,
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 20,
    messages: [{ role: 'user', content: 'Hello' }],
  });
const urlEvent = (model = modelId) => ({
  version: '2.0',
  rawPath: '/',
  headers: { 'content-type': 'application/json' },
  requestContext: {
    domainName: 'abc.lambda-url.us-east-1.on.aws',
    stage: '$default',
    http: { method: 'POST', sourceIp: '127.0.0.1' },
  },
  body: body(model),
  isBase64Encoded: false,
});
const restEvent = {
  resource: '/bedrock',
  path: '/bedrock',
  httpMethod: 'POST',
  headers: { 'content-type': 'application/json' },
  multiValueHeaders: { 'content-type': ['application/json'] },
  pathParameters: null,
  requestContext: { stage: 'prod', identity: { sourceIp: '127.0.0.1' } },
  body: body(modelId),
  isBase64Encoded: false,
};

it.each([
  ['function-url', urlEvent()],
  ['rest-api-stream', restEvent],
] as const)(
  'the asset of %s streams in the Lambda runtime client with the environment variables of its template',
  async (front, event) => {
    expect(await invoke(front, event)).toMatchObject({
      mode: 'streamed',
      prelude: { statusCode: 200 },
      text: expect.stringMatching(/^data: \{"content":[\s\S]*data: \[DONE\]\n\n$/),
    });
  },
);

it('the asset of rest-api answers in the Lambda runtime client with the environment variables of its template', async () => {
  expect(await invoke('rest-api', restEvent)).toMatchObject({
    mode: 'buffered',
    payload: { statusCode: 200, body: expect.stringMatching(/^\[\{"content":.*\{"done":true\}\]$/) },
  });
});

it('the asset of web-function streams from its entry point with the environment variables of its template', async () => {
  const { bundle, resources } = synthesizedAsset('web-function');
  const revision = resources.find(({ Type }) => Type === 'AWS::Lambda::WebFunctionRevision') as unknown as {
    Properties: { ServiceConfig: { EnvironmentVariables: Record<string, string> } };
  };
  const env = revision.Properties.ServiceConfig.EnvironmentVariables;
  const child = spawn(process.execPath, [env['AWS_LAMBDA_NODEJS_ENTRYPOINT'] ?? ''], {
    cwd: bundle,
    env: {
      ...env,
      ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
      ...{ AWS_LAMBDA_HTTP_ENDPOINT: '127.0.0.1:0', AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url },
    },
  });
  let url: string | undefined;
  while (url === undefined) {
    const [text] = await once(child.stdout, 'data');
    [, url] = /"url":"([^"]+)"/.exec(String(text)) ?? [];
  }
  const answer = await fetch(url, { method: 'POST', body: body(modelId) });
  expect(await answer.text()).toMatch(/^data: \{"content":[\s\S]*data: \[DONE\]\n\n$/);
  expect((await fetch(url, { method: 'POST', body: body('amazon.nova-lite-v1:0') })).status).toBe(403);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
