import { startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { createInProcessRuntime, type Invoke, type LocalFunctions } from '@bedrock-proxy/testing/lambda';

/** Variables that could make the SDK bypass the emulator or send it real credentials. */
const realAwsVariables = [
  'AWS_BEARER_TOKEN_BEDROCK',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_PROFILE',
  'AWS_SESSION_TOKEN',
];

/** Starts an emulated Bedrock and loads the deployable bundles. Changes the environment of this process. */
export async function startEmulatedFunctions(): Promise<LocalFunctions> {
  const emulator = await startBedrockEmulator();
  for (const name of realAwsVariables) delete process.env[name];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: emulator.url,
    AWS_REGION: process.env.AWS_REGION ?? 'us-east-1',
    AWS_ACCESS_KEY_ID: 'emulated',
    AWS_SECRET_ACCESS_KEY: 'emulated',
  });
  return {
    functionUrl: await loadBundle('lambda-adapter/dist/lambda'),
    apiGateway: await loadBundle('apigw-adapter/dist/lambda'),
    apiGatewayStream: await loadBundle('apigw-adapter/dist/lambda-stream'),
  };
}

async function loadBundle(folder: string): Promise<Invoke> {
  const file = new URL(`../../packages/${folder}/index.mjs`, import.meta.url);
  try {
    return await createInProcessRuntime().load(file);
  } catch (error) {
    if (!isMissing(error, file)) throw error;
    throw new Error(`packages/${folder} is not built. Run: npm run build`);
  }
}

function isMissing(error: unknown, file: URL): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_MODULE_NOT_FOUND' &&
    error.message.includes(file.pathname)
  );
}
