import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { LambdaFunctionError, type LambdaSandbox } from '@bedrock-proxy/testing/lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BundleName, bundles, startBundle, zips } from '../conformance/bundles.ts';
import { forgedTokens } from './forged-tokens.ts';
import { audience, issuer, keySet, valid } from './issuer.ts';
import { askFunction, codeOf, eventOf, type FrontName, type Sent } from './start-front.ts';
import { replyWith, startStore } from './start-store.ts';

const fronts: readonly (readonly [BundleName, FrontName])[] = [
  ['function-url', 'function-url'],
  ['api-gateway', 'rest-api'],
  ['api-gateway-stream', 'rest-api-stream'],
];

const secretReply = (text: string) => replyWith(200, { SecretString: text });
const record = (id: string, token: string) => ({ id, token });
const bearer = (token: string): Sent => ({ headers: [['authorization', `Bearer ${token}`]] });

let bedrock: Awaited<ReturnType<typeof startBedrockEmulator>>;
beforeAll(async () => {
  bedrock = await startBedrockEmulator({ paceMs: 0 });
});
afterAll(() => bedrock.close());

describe.each(fronts)('the %s bundle', (bundle, front) => {
  const start = (env: Record<string, string>) =>
    startBundle(bundles[bundle], { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url, ...env });
  const ask = (sandbox: LambdaSandbox, sent: Sent) => askFunction(sandbox.invoke, eventOf(front, sent));
  const outcome = async (sandbox: LambdaSandbox, sent: Sent) => {
    const answer = await ask(sandbox, sent);
    return answer.statusCode === 200 ? 200 : codeOf(answer);
  };

  it('accepts a rotated token at once, and known tokens during an outage of the secret store', async () => {
    await using store = await startStore(secretReply(JSON.stringify([record('a', 'the-old-token')])));
    const env = { AUTH_TOKENS_SECRET_ID: 'tokens', AWS_ENDPOINT_URL_SECRETS_MANAGER: store.url };
    await using sandbox = await start({ ...env, REQUIRE_AUTH: 'true' });
    expect(await outcome(sandbox, {})).toBe('missing_token');
    expect(store.requests).toEqual([]);
    expect(await outcome(sandbox, bearer('the-old-token'))).toBe(200);
    store.respondWith(secretReply(JSON.stringify([record('a', 'the-old-token'), record('a', 'the-new-token')])));
    expect(await outcome(sandbox, bearer('the-new-token'))).toBe(200);
    store.respondWith(replyWith(500, 'canary-of-the-store'));
    expect(await outcome(sandbox, bearer('the-old-token'))).toBe(200);
    expect(await outcome(sandbox, bearer('unknown'))).toBe('invalid_token');
    expect(store.requests).toHaveLength(2);
    expect(sandbox.log.text).not.toMatch(/the-(?:old|new)-token|canary/);
  });

  it('checks JWTs, addresses and models together', async () => {
    await using keys = await startStore(replyWith(200, { keys: keySet }));
    await using sandbox = await start({
      ...{ JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: `${keys.url}/keys` },
      ...{ ALLOWED_IPS: '192.0.2.0/24', ALLOWED_MODELS: 'global.anthropic.*' },
    });
    const before = bedrock.requests.length;
    expect(await outcome(sandbox, bearer(valid()))).toBe(200);
    expect(await outcome(sandbox, bearer(valid({ bedrock_models: 'amazon.*' })))).toBe('model_not_allowed');
    expect(await outcome(sandbox, { ...bearer(valid()), body: '{"modelId":"amazon.nova"}' })).toBe('model_not_allowed');
    expect(await outcome(sandbox, { ...bearer(valid()), sourceIp: '203.0.113.1', path: '/v1/x' })).toBe(
      'ip_not_allowed',
    );
    for (const [, forged] of forgedTokens.filter((_, index) => index % 6 === 0)) {
      expect(await outcome(sandbox, { ...bearer(forged), body: '{' })).toMatch(
        /^(?:missing|invalid)_token$|^invalid_request$/,
      );
    }
    expect(bedrock.requests.length).toBe(before + 1);
    expect(keys.requests.length).toBeLessThanOrEqual(2);
    expect(sandbox.log.text).not.toContain(valid().split('.')[2]);
  });
});

describe('a misconfigured bundle', () => {
  it.each<[string, Record<string, string>]>([
    ['AUTH_TOKEN', { AUTH_TOKEN: 'canary7' }],
    ['AUTH_TOKENS', { AUTH_TOKENS: '[{"id":"canary"}]' }],
    ['JWT_ISSUER', { JWT_ISSUER: 'https://canary.example' }],
    ['ALLOWED_IPS', { ALLOWED_IPS: 'canary' }],
    ['REQUIRE_AUTH', { REQUIRE_AUTH: 'true' }],
  ])('fails to load with an error that names %s but no value', async (variable, env) => {
    const failure: unknown = await startBundle(bundles['function-url'], env).then(
      (sandbox) => sandbox.close(),
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(LambdaFunctionError);
    expect(String(failure)).toContain(variable);
    expect(JSON.stringify(failure) + String(failure)).not.toContain('canary');
  });
});

describe('the code that a bundle loads at startup', () => {
  it.each(Object.entries(zips))('contains no secret store client and no jose: %s', (_, folder) => {
    const loaded = new Set<string>();
    const load = (file: string) => {
      if (loaded.has(file)) return;
      loaded.add(file);
      const source = readFileSync(join(folder, file), 'utf8');
      for (const [, chunk = ''] of source.matchAll(/(?:from|import)\s*"\.\/([^"]+\.mjs)"/g)) load(chunk);
    };
    load('index.mjs');
    const textOf = (files: Iterable<string>) =>
      [...files].map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
    const text = textOf(loaded);
    const later = textOf(readdirSync(folder).filter((file) => file.endsWith('.mjs') && !loaded.has(file)));
    for (const mark of ['secretsmanager.GetSecretValue', 'AmazonSSM.GetParameter', 'ERR_JWKS_NO_MATCHING_KEY']) {
      expect(text).not.toContain(mark);
      expect(later).toContain(mark);
    }
  });
});
