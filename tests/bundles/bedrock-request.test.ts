import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

interface Recorded {
  readonly headers: Readonly<Record<string, string>>;
}

const script = fileURLToPath(new URL('fixtures/send-one-request.ts', import.meta.url));
const bundle = fileURLToPath(new URL('../../packages/lambda-adapter/dist/lambda', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bedrock-request-'));
afterAll(() => rmSync(folder, { recursive: true }));

const basics = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example-key',
  AWS_SHARED_CREDENTIALS_FILE: '/none',
  AWS_LAMBDA_FUNCTION_NAME: 'f',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  PATH: process.env['PATH'] ?? '',
};

async function requestOf(args: readonly string[], env: Readonly<Record<string, string>>): Promise<object> {
  const child = fork(script, args, { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.on('data', (piece) => {
    errors += piece;
  });
  const recorded: Recorded[] = [];
  child.on('message', (message) => void recorded.push(message as Recorded));
  await once(child, 'close');
  const [only, ...others] = recorded;
  if (!only || others.length > 0) throw new Error(`${recorded.length} requests were sent: ${errors}`);
  const { authorization, 'amz-sdk-invocation-id': id, 'x-amz-date': date, ...headers } = only.headers;
  expect(id).toMatch(/^[\da-f-]{36}$/);
  if (!authorization?.startsWith('Bearer ')) expect(date).toMatch(/^\d{8}T\d{6}Z$/);
  // Packed for CommonJS, the client may call itself by the version before its own.
  const fixed = JSON.stringify(headers).replace(/3\.\d{4}\.\d/g, '3');
  return {
    ...only,
    headers: JSON.parse(fixed),
    authorization: authorization?.replace(/\/\d{8}\/|=[\da-f]{64}$/g, '…'),
  };
}

interface Setting {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** The text of a configuration file. */
  readonly profile?: string;
}

/** A bundle leaves out most of the SDK's client and keeps its settings. */
it.each<Setting>([
  { name: 'by default', env: {} },
  { name: 'in another partition', env: { AWS_REGION: 'cn-north-1' } },
  { name: 'with FIPS', env: { AWS_REGION: 'us-gov-west-1', AWS_USE_FIPS_ENDPOINT: 'true' } },
  { name: 'in a region whose name asks for FIPS', env: { AWS_REGION: 'fips-us-east-1' } },
  { name: 'with dual stack', env: { AWS_USE_DUALSTACK_ENDPOINT: 'true' } },
  { name: 'with a session', env: { AWS_SESSION_TOKEN: 'session' } },
  { name: 'with a bearer token', env: { AWS_BEARER_TOKEN_BEDROCK: 'bedrock-api-key' } },
  { name: 'with a preference of schemes', env: { AWS_AUTH_SCHEME_PREFERENCE: 'noAuth, sigv4,httpBearerAuth' } },
  { name: 'to an endpoint of its own', env: { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://[::1]:8080' } },
  { name: 'to an endpoint below a path', env: { AWS_ENDPOINT_URL: 'https://vpce.example.com:8443/base/' } },
  {
    name: 'with endpoints ignored',
    env: { AWS_ENDPOINT_URL: 'https://x', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
  },
  { name: 'from an application', env: { AWS_SDK_UA_APP_ID: 'my app/1' } },
  { name: 'with a trace', env: { _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793' } },
  { name: 'with adaptive retries', env: { AWS_RETRY_MODE: 'adaptive' } },
  { name: 'of an account', env: { AWS_ACCOUNT_ID: '123456789012' } },
  {
    name: 'with a profile',
    env: {},
    profile: [
      '[default]',
      ...['region=eu-west-3', 'sdk_ua_app_id=app', 'auth_scheme_preference=sigv4,httpBearerAuth', 'services=own'],
      ...['[services own]', 'bedrock_runtime =', '  endpoint_url=https://vpce.example.com'],
    ].join('\n'),
  },
])('a bundle sends the request of the SDK $name', async ({ name, env, profile }) => {
  const file = join(folder, name.replaceAll(' ', '-'));
  if (profile !== undefined) writeFileSync(file, profile);
  const place =
    profile === undefined ? { AWS_REGION: 'eu-central-1', AWS_CONFIG_FILE: '/none' } : { AWS_CONFIG_FILE: file };
  const all = { ...basics, ...place, ...env };
  const [expected, actual] = await Promise.all([requestOf([], all), requestOf([bundle], all)]);
  expect(actual).toEqual(expected);
});
