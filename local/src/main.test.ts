import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { afterEach, describe, expect, it, vi } from 'vitest';

// Processes start slowly while other tests run.
vi.setConfig({ testTimeout: 30_000 });

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
});

interface Run {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  /** The exit code, once the output is complete. */
  readonly ended: Promise<number | null>;
  /** The URL, once the server is listening. */
  readonly url: Promise<string>;
}

function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  command: readonly string[] = [main],
): Run {
  const child = spawn(process.execPath, [...command, ...args], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  cleanups.push(() => child.kill('SIGKILL'));
  let output = '';
  let errors = '';
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const listening = /^listening on (http:\/\/localhost:\d+)$/m.exec(output);
      if (listening?.[1] !== undefined) resolve(listening[1]);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    void ended.then(() => reject(new Error(`The server ended before it was listening: ${errors}`)));
  });
  url.catch(() => {});
  return { process: child, output: () => output, errors: () => errors, ended, url };
}

function ask(
  url: string,
  stream: boolean,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Response> {
  const body = JSON.stringify({
    modelId: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
    stream,
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hello' }],
  });
  return fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    ...(signal && { signal }),
  });
}

describe('npm start', () => {
  it('serves every endpoint and ends with 0 on SIGTERM', async () => {
    const server = run([]);
    const url = await server.url;
    expect(server.output().trimEnd().split('\n').slice(-2)).toEqual([
      `Emulated Bedrock: no AWS account, no cost. Playground: ${url}/ (Ctrl-C stops the server)`,
      `listening on ${url}`,
    ]);

    const [functionUrl, rest, http, stream, web, whole] = await Promise.all(
      ['/', '/prod/chat', '/http/chat', '/stream/chat', '/web/chat']
        .map((path) => ask(url + path, true))
        .concat(ask(url, false)),
    );
    for (const streamed of [functionUrl, stream, web]) {
      expect(streamed?.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(await streamed?.text()).toMatch(/^data: \{"content":".+"\}\n\n[\s\S]*data: \[DONE\]\n\n$/);
    }
    for (const buffered of [rest, http]) {
      expect(buffered?.headers.get('content-type')).toBe('application/json');
      expect(await buffered?.json()).toEqual(expect.arrayContaining([{ done: true }]));
    }
    expect(await whole?.json()).toMatchObject({ type: 'message', stop_reason: 'end_turn' });
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(url)).text()).toContain('<title>bedrock-proxy playground</title>');
    expect(await (await fetch(`${url}/playground/faults.json`)).json()).toMatchObject({
      calls: { silence: 'emulator.silence' },
    });

    server.process.kill('SIGTERM');
    expect(await server.ended).toBe(0);
  });

  it('counts the limits of each endpoint in its memory, if there is no table', async () => {
    const url = await run([], { LIMITS: '{"each":{"requestsPerMinute":1}}' }).url;
    for (const path of ['/', '/stream/chat', '/web/chat']) {
      expect((await ask(url + path, true)).status).toBe(200);
      const refused = await ask(url + path, true);
      expect(refused.status).toBe(429);
      expect(await refused.json()).toMatchObject({ error: { code: 'rate_limited' } });
    }
  });

  it('ends with 0 on SIGINT, even during an answer', async () => {
    const server = run([]);
    const answer = await ask(await server.url, true);
    server.process.kill('SIGINT');
    expect(await server.ended).toBe(0);
    await expect(answer.text()).rejects.toThrow();
  });

  it('ends when its parent process ends', async () => {
    const parent = `require('node:child_process').spawn(process.execPath, [${JSON.stringify(main)}], { stdio: 'inherit' })`;
    const server = run([], {}, ['--eval', parent]);
    const url = await server.url;
    server.process.kill('SIGKILL');
    await vi.waitFor(() => expect(fetch(url)).rejects.toThrow('fetch failed'), { timeout: 4_000, interval: 100 });
    // The pipes are closed only when the last process that inherited them has ended.
    await server.ended;
  });

  it('uses the same environment variables as the deployed function', async () => {
    const url = await run([], { AUTH_TOKEN: 'a-token-of-some-length' }).url;
    expect((await ask(url, false)).status).toBe(401);
    expect((await ask(`${url}/prod/chat`, false)).status).toBe(401);
    expect((await ask(`${url}/web`, false)).status).toBe(401);
    expect((await ask(url, true, { authorization: 'Bearer a-token-of-some-length' })).status).toBe(200);
  });

  it('does not wait for the body of a caller of /web/… that has no token', async () => {
    const url = await run([], { AUTH_TOKEN: 'a-token-of-some-length' }).url;
    const endless = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('{')) });
    const answer = await fetch(`${url}/web/chat`, { method: 'POST', body: endless, duplex: 'half' });
    expect(answer.status).toBe(401);
  });

  it('lets other machines in only with a token', async () => {
    const refused = run([], { HOST: '0.0.0.0' });
    expect(await refused.ended).toBe(1);
    expect(refused.errors()).toMatch(/^HOST lets other machines call this server, .*\n$/);
    const url = await run([], { HOST: '0.0.0.0', AUTH_TOKEN: 'a-token-of-some-length' }).url;
    expect((await fetch(`${url.replace('localhost', '127.0.0.2')}/health`)).status).toBe(200);
  });

  it('takes the address of a caller from as many proxies as TRUSTED_PROXIES names, at every endpoint', async () => {
    const url = await run([], { ALLOWED_IPS: '192.0.2.0/24', TRUSTED_PROXIES: '1' }).url;
    for (const path of ['/', '/prod/chat', '/http/chat', '/stream/chat', '/web/chat']) {
      expect((await ask(url + path, false, { 'x-forwarded-for': '192.0.2.7' })).status, path).toBe(200);
      expect((await ask(url + path, false, { 'x-forwarded-for': '192.0.2.7, 127.0.0.1' })).status, path).toBe(403);
      expect((await ask(url + path, false)).status, path).toBe(403);
    }
  });

  it('sends no real credentials to the emulator and never bypasses it', async () => {
    const server = run([], {
      AWS_BEARER_TOKEN_BEDROCK: 'real',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      AWS_PROFILE: 'missing',
    });
    expect((await ask(await server.url, false)).status).toBe(200);
  });

  it('prints its help', async () => {
    const help = run(['--help']);
    expect(await help.ended).toBe(0);
    expect(help.output()).toContain('npm start [-- --aws]');
  });

  it.each([
    [['--asw'], {}, 'unknown argument --asw; see npm start -- --help'],
    [[], { PORT: '80a' }, 'PORT must be a whole number from 0 to 65535'],
    [[], { AUTH_TOKEN: ' ' }, expect.stringMatching(/^AUTH_TOKEN /)],
  ])('refuses the arguments %j with the environment %j in one line', async (args, env, line) => {
    const refused = run(args, env);
    expect(await refused.ended).toBe(1);
    expect(refused.errors().trimEnd().split('\n')).toEqual([line]);
  });

  it('refuses a port that is in use in one line', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => holder.close());
    const { port } = holder.address() as AddressInfo;
    const refused = run([], { PORT: String(port) });
    expect(await refused.ended).toBe(1);
    expect(refused.errors().trimEnd()).toBe(
      `port ${port} is in use; set PORT to another port, or to 0 for a free port`,
    );
  });
});

describe('npm start -- --aws', () => {
  it.each([
    [{}, 'No AWS Region is set: set AWS_REGION.'],
    [{ AWS_REGION: 'eu-west-1' }, expect.stringMatching(/^No AWS credentials were found: log in with the AWS CLI/)],
  ])('ends with 1 and says what to set in the environment %j', async (env, line) => {
    const nowhere = { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };
    const refused = run(['--aws'], { ...nowhere, AWS_EC2_METADATA_DISABLED: 'true', ...env });
    expect(await refused.ended).toBe(1);
    expect(refused.errors().trimEnd().split('\n')).toEqual([line]);
    expect(refused.output()).toBe('');
  });

  async function startWithProfile(paceMs: number) {
    const bedrock = await startBedrockEmulator({ paceMs });
    cleanups.push(() => bedrock.close());
    const home = await mkdtemp(join(tmpdir(), 'aws-profile-'));
    cleanups.push(() => rm(home, { recursive: true, force: true }));
    await writeFile(join(home, 'config'), '[profile team]\nregion = eu-west-1\n');
    await writeFile(
      join(home, 'credentials'),
      '[team]\naws_access_key_id = AKIAFROMPROFILE\naws_secret_access_key = secret\n',
    );
    const server = run(['--aws'], {
      AWS_PROFILE: 'team',
      AWS_CONFIG_FILE: join(home, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'),
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
    });
    const url = await server.url;
    expect(server.output()).toContain('Calling Amazon Bedrock in eu-west-1 at http://127.0.0.1:');
    return { bedrock, url };
  }

  it('signs with the Region and the credentials of the profile for every endpoint', async () => {
    const { bedrock, url } = await startWithProfile(0);
    expect(await (await fetch(`${url}/playground/faults.json`)).json()).toEqual({
      calls: {},
      streams: {},
      positions: [],
      expected: {},
    });
    for (const path of ['/', '/prod/chat', '/http/chat', '/stream/chat', '/web/chat']) {
      const answer = await ask(url + path, true);
      expect(answer.status, path).toBe(200);
      expect(await answer.text(), path).toMatch(/\[DONE\]\n\n$|"done":true\}\]$/);
    }
    expect(bedrock.requests).toHaveLength(5);
    for (const { headers } of bedrock.requests) {
      expect(headers.authorization).toMatch(/Credential=AKIAFROMPROFILE\/\d{8}\/eu-west-1\/bedrock\//);
    }
  });

  it.each(['/', '/stream/chat', '/web/chat'])(
    'cancels the model call within 250 ms when the client of %s disconnects',
    async (path) => {
      const { bedrock, url } = await startWithProfile(35);
      const client = new AbortController();
      const answer = await ask(url + path, true, {}, client.signal);
      await answer.body?.getReader().read();
      const leftAt = performance.now();
      client.abort();
      await bedrock.requests[0]?.closed;
      expect(bedrock.requests).toMatchObject([{ aborted: true }]);
      expect(bedrock.requests[0]?.closedAt).toBeLessThan(leftAt + 250);
    },
  );
});
