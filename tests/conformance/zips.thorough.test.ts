import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { unzipSync } from 'fflate';
import { describe, expect, it, onTestFinished } from 'vitest';
import { licensesFile } from '../../scripts/build/third-party-licenses.ts';
import { lambdaEndpoint, startWebFunction } from '../web-function/start-web-function.ts';
import { type BundleName, nodes, startBundle, zips } from './bundles.ts';
import { invokeBundle } from './invoke-bundle.ts';
import { body, functionUrlEvent, httpApiEvent, restApiEvent } from './lambda-events.ts';

const question: object = JSON.parse(body);
const streaming = JSON.stringify({ ...question, stream: true });

const requests: readonly (readonly [zip: BundleName, sender: string, event: object, answer: RegExp])[] = [
  [
    'function-url',
    'a Function URL',
    functionUrlEvent({ body: streaming }),
    /^data: \{"content":[\s\S]*data: \[DONE\]\n\n$/,
  ],
  ['api-gateway', 'a REST API', restApiEvent({ body: streaming }), /^\[\{"content":.*,\{"done":true\}\]$/],
  [
    'api-gateway',
    'an HTTP API',
    httpApiEvent('/', '$default', { body: streaming }),
    /^\[\{"content":.*,\{"done":true\}\]$/,
  ],
  [
    'api-gateway-stream',
    'a REST API',
    restApiEvent({ body: streaming }),
    /^data: \{"content":[\s\S]*data: \[DONE\]\n\n$/,
  ],
];

async function unzip(name: keyof typeof zips): Promise<string> {
  const zip = await readFile(fileURLToPath(new URL(`../../dist/${name}.zip`, import.meta.url)));
  const folder = await mkdtemp(join(tmpdir(), 'bedrock-proxy-zip-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, bytes] of Object.entries(unzipSync(zip))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}

it.each(Object.keys(zips) as (keyof typeof zips)[])('%s.zip holds the licenses of the packages in it', async (name) => {
  const licenses = await readFile(join(await unzip(name), licensesFile), 'utf8');
  expect(licenses).toBe(await readFile(join(zips[name], licensesFile), 'utf8'));
  expect(licenses).toContain('Apache License');
});

describe.each(Object.entries(nodes))('on Node %s', (_version, node) => {
  it('web-function.zip serves by itself after it is unzipped', async () => {
    const bedrock = await startBedrockEmulator({ paceMs: 0 });
    onTestFinished(() => bedrock.close());
    const environment = { ...lambdaEndpoint, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url };
    await using proxy = await startWebFunction(environment, await unzip('web-function'), node);
    const answer = await fetch(proxy.url, { method: 'POST', body: streaming });
    expect(await answer.text()).toMatch(/^data: \{"content":[\s\S]*data: \[DONE\]\n\n$/);
  });

  it.each(requests)('%s.zip serves %s after it is unzipped', async (name, _sender, event, answer) => {
    const bedrock = await startBedrockEmulator({ paceMs: 0 });
    onTestFinished(() => bedrock.close());
    const folder = await unzip(name);
    await using sandbox = await startBundle(folder, { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url }, node);
    const { statusCode, body: text } = await invokeBundle(sandbox, event);
    expect(statusCode).toBe(200);
    expect(text).toMatch(answer);
  });
});
