import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BedrockEmulator, exceptionReply, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import type { LambdaSandbox } from '@bedrock-proxy/testing/lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BundleName, bundles, startBundle } from '../conformance/bundles.ts';
import { invokeBundle } from '../conformance/invoke-bundle.ts';
import { functionUrlEvent, restApiEvent } from '../conformance/lambda-events.ts';

const haiku = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const roleArn = 'arn:aws:iam::111122223333:role/other-account';
const aliases = {
  plain: `eu.${haiku}`,
  chain: {
    targets: [
      { model: `us.${haiku}`, region: 'us-east-1' },
      { model: `eu.${haiku}`, region: 'eu-west-1' },
    ],
  },
  slow: {
    targets: [
      { model: `us.${haiku}`, region: 'us-east-2' },
      { model: `eu.${haiku}`, region: 'eu-west-1' },
    ],
    firstEventTimeoutMs: 100,
  },
  home: { targets: [{ model: `us.${haiku}` }, { model: `eu.${haiku}` }] },
  lent: {
    targets: [
      { model: `eu.${haiku}`, roleArn, externalId: 'a&b' },
      { model: `us.${haiku}`, region: 'us-west-2' },
    ],
  },
};

const names = Object.keys(bundles) as BundleName[];
const env = { MODEL_ALIASES: JSON.stringify(aliases), BEDROCK_MAX_ATTEMPTS: '3', AWS_REGION: 'ap-southeast-2' };

function eventOf(name: BundleName, modelId: string, members: object = {}): object {
  const body = JSON.stringify({
    modelId,
    ...{ anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] },
    ...members,
  });
  return name.startsWith('api-gateway') ? restApiEvent({ body }) : functionUrlEvent({ body });
}

/** The Region and the access key of each request, from its signature. */
function signaturesOf({ requests }: BedrockEmulator): readonly string[] {
  return requests.map(({ headers }) => {
    const [, key, region] = /Credential=(\w+)\/\d+\/([\w-]+)\/bedrock\//.exec(headers.authorization ?? '') ?? [];
    return `${region} ${key?.startsWith('ASIALENT') ? 'lent' : 'own'}`;
  });
}

const throttle = exceptionReply('ThrottlingException', 'Slow down');

describe.each(names)('the bundle %s', (name) => {
  let bedrock: BedrockEmulator;
  let sandbox: LambdaSandbox;
  let sts: Awaited<ReturnType<typeof startSts>>;
  beforeAll(async () => {
    sts = await startSts();
  });
  afterAll(() => sts.close());
  beforeEach(async () => {
    sts.take();
    bedrock = await startBedrockEmulator({ paceMs: 0 });
    const endpoints = { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url, AWS_ENDPOINT_URL_STS: sts.url };
    sandbox = await startBundle(bundles[name], { ...env, ...endpoints });
    return async () => {
      await sandbox.close();
      await bedrock.close();
    };
  });

  async function ask(modelId: string, members: object = {}) {
    const { statusCode, headers, body, requestId } = await invokeBundle(sandbox, eventOf(name, modelId, members));
    await sandbox.log.waitFor(new RegExp(`"request\\.end".*"${requestId}"`));
    const lines = sandbox.log.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    const ofRequest = lines.filter((line) => line.requestId === requestId);
    return { statusCode, headers, body, lines: ofRequest, end: ofRequest.find(({ event }) => event === 'request.end') };
  }

  it.each([false, true])('moves on to another Region at once: stream %s', async (stream) => {
    bedrock.respondWith(({ headers }) => (headers.authorization?.includes('/us-east-1/') ? throttle : undefined));
    const { statusCode, headers, end, lines, body } = await ask('chain', { stream });
    expect(statusCode, body).toBe(200);
    expect(signaturesOf(bedrock)).toEqual(['us-east-1 own', 'eu-west-1 own']);
    expect(headers['x-served-model']).toBe(`eu.${haiku}`);
    expect(headers['access-control-expose-headers']).toContain('x-served-model');
    expect(end).toMatchObject({
      ...{ modelId: 'chain', servedModelId: `eu.${haiku}`, servedRegion: 'eu-west-1', fallbacks: 1, attempts: 2 },
    });
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: 'route.attempt',
        modelId: `us.${haiku}`,
        region: 'us-east-1',
        code: 'throttled',
      }),
    );
    await sandbox.log.waitFor(/"Fallbacks":1/);
    // The Region that throttled is asked last for a while.
    await ask('chain', { stream });
    expect(signaturesOf(bedrock).slice(2)).toEqual(['eu-west-1 own']);
  });

  it('moves on from a target that is silent, and gives it up', async () => {
    const silence = new Promise<undefined>(() => {});
    bedrock.respondWith(({ headers }) => (headers.authorization?.includes('/us-east-2/') ? silence : undefined));
    const { statusCode, end } = await ask('slow', { stream: true });
    expect(statusCode).toBe(200);
    expect(end).toMatchObject({ servedRegion: 'eu-west-1', fallbacks: 1 });
    await bedrock.requests[0]?.closed;
    expect(bedrock.requests[0]?.aborted).toBe(true);
  });

  it('retries the last target, which is in the Region of the function', async () => {
    bedrock.respondWith(throttle);
    const { statusCode, body, end } = await ask('home');
    expect(statusCode).toBe(429);
    expect(JSON.parse(body).error.message).not.toMatch(/us\.|eu\.|ap-/);
    expect(signaturesOf(bedrock)).toEqual(Array(4).fill('ap-southeast-2 own'));
    expect(end).toMatchObject({ code: 'throttled', fallbacks: 2, attempts: 4 });
  });

  it('calls with the role of a target, and assumes it once', async () => {
    const { statusCode, end } = await ask('lent');
    expect(statusCode).toBe(200);
    await ask('lent', { stream: true });
    expect(signaturesOf(bedrock)).toEqual(['ap-southeast-2 lent', 'ap-southeast-2 lent']);
    expect(bedrock.requests[0]?.headers['x-amz-security-token']).toBe('token/of+role==');
    expect(end).not.toHaveProperty('fallbacks');
    expect(sts.take()).toEqual([
      {
        ...{ Action: 'AssumeRole', Version: '2011-06-15', RoleArn: roleArn, RoleSessionName: 'bedrock-proxy' },
        ExternalId: 'a&b',
      },
    ]);
  });

  it.each([
    [403, 'AccessDenied', 'upstream_denied'],
    [400, 'Throttling', 'upstream_unavailable'],
    [500, 'InternalFailure', 'upstream_unavailable'],
    [200, 'NoCredentials', 'upstream_unavailable'],
  ])('moves on from a role that cannot be assumed: %s %s', async (status, code, expected) => {
    sts.respondWith((_, response) => {
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(
        `<ErrorResponse><Error><Code>${code}</Code><Message>canary ${roleArn}</Message></Error></ErrorResponse>`,
      );
    });
    const { statusCode, lines } = await ask('lent');
    sts.respondWith(undefined);
    expect(statusCode).toBe(200);
    expect(signaturesOf(bedrock)).toEqual(['us-west-2 own']);
    expect(lines).toContainEqual(expect.objectContaining({ event: 'route.attempt', code: expected }));
    expect(lines.some(({ event }) => event === 'route.misconfigured')).toBe(expected === 'upstream_denied');
  });
});

describe.each(names)('the bundle %s, whose chunks of the router are broken', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'without-router-'));
  let bedrock: BedrockEmulator;
  beforeAll(async () => {
    bedrock = await startBedrockEmulator({ paceMs: 0 });
    cpSync(bundles[name], folder, { recursive: true });
    const maps = readdirSync(folder).filter((file) => file.endsWith('.mjs.map'));
    const ofRouter = maps.filter((file) =>
      /routing\/(?:routing-invoker|draw-targets|target-health)\.ts|aws\/assume-role\.ts/.test(
        readFileSync(join(folder, file), 'utf8'),
      ),
    );
    expect(ofRouter.length).toBeGreaterThanOrEqual(3);
    expect(ofRouter).not.toContain('index.mjs.map');
    for (const map of ofRouter) writeFileSync(join(folder, map.replace(/\.map$/, '')), 'throw new Error("loaded");');
  });
  afterAll(async () => {
    await bedrock.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('serves a plain id and an alias with one target, and no other alias', async () => {
    await using sandbox = await startBundle(folder, { ...env, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url });
    const statusOf = async (modelId: string) => (await invokeBundle(sandbox, eventOf(name, modelId))).statusCode;
    expect(await statusOf(`us.${haiku}`)).toBe(200);
    expect(await statusOf('plain')).toBe(200);
    expect(await statusOf('chain')).toBe(500);
  });
});

/** A service of STS that lends credentials for an hour. */
async function startSts() {
  const asked: Record<string, string>[] = [];
  const lend: RequestListener = (_, response) => {
    const expiration = new Date(Date.now() + 3_600_000).toISOString();
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(
      `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
        <AccessKeyId>ASIALENT</AccessKeyId><SecretAccessKey>secret/of+role</SecretAccessKey>
        <SessionToken>token/of+role==</SessionToken><Expiration>${expiration}</Expiration>
      </Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    );
  };
  let respond = lend;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    if (!/\/sts\/aws4_request/.test(request.headers.authorization ?? '')) response.statusCode = 403;
    asked.push(Object.fromEntries(new URLSearchParams(body)));
    respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    respondWith(next: RequestListener | undefined) {
      respond = next ?? lend;
    },
    take: () => asked.splice(0),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
