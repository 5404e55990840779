import { fileURLToPath } from 'node:url';
import { type LambdaSandbox, startLambdaSandbox } from '@bedrock-proxy/testing/lambda';

const testsFolder = fileURLToPath(new URL('..', import.meta.url));
const folderOf = (path: string): string => fileURLToPath(new URL(`../../packages/${path}`, import.meta.url));

/** The deployable folders with a handler, by the name of their zip file. */
export const bundles = {
  'function-url': folderOf('lambda-adapter/dist/lambda'),
  'api-gateway': folderOf('apigw-adapter/dist/lambda'),
  'api-gateway-stream': folderOf('apigw-adapter/dist/lambda-stream'),
};

export type BundleName = keyof typeof bundles;

/** The content of each zip. The bundle of a Web Function has no handler: it is a server. */
export const zips = { ...bundles, 'web-function': folderOf('lambda-adapter/dist/web-function') };

/** The Node binaries of Lambda's runtimes, by major version. */
export const nodes = { 22: `${testsFolder}node_modules/node22/bin/node`, 24: process.execPath };

/** Starts a deployable folder with Lambda's real runtime client. */
export function startBundle(
  bundle: string,
  env: Readonly<Record<string, string>>,
  node = nodes[24],
): Promise<LambdaSandbox> {
  return startLambdaSandbox({ bundle, env, node, resolveFrom: testsFolder });
}
