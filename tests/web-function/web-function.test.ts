import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import {
  type BedrockEmulator,
  encodeChunkFrame,
  startBedrockEmulator,
  streamReply,
} from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { post, wireClient } from '../node-http/start-listener.ts';
import { lambdaEndpoint, startWebFunction, type WebFunction } from './start-web-function.ts';

const token = 'a-token-of-many-characters';
let bedrock: BedrockEmulator;
beforeAll(async () => {
  bedrock = await startBedrockEmulator({ paceMs: 0 });
});
afterAll(() => bedrock.close());

async function start(env: Readonly<Record<string, string>>): Promise<WebFunction> {
  const started = await startWebFunction({
    ...{ AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url, AUTH_TOKEN: token },
    ...env,
  });
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started;
}

const bodyOf = (text: string) =>
  JSON.stringify({
    ...{ modelId: 'anthropic.claude-sonnet-4-6', stream: true, anthropic_version: 'bedrock-2023-05-31' },
    ...{ max_tokens: 100, messages: [{ role: 'user', content: text }] },
  });

function ask(url: string, { text = 'Hello', headers = {} }: { text?: string; headers?: Record<string, string> } = {}) {
  const sent = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers };
  return fetch(url, { method: 'POST', headers: sent, body: bodyOf(text) });
}

function said(text: string): Uint8Array {
  return encodeChunkFrame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }, 'abc');
}

describe('limits', () => {
  it('are counted in one process, and refuse what is over them', async () => {
    const LIMITS = '{"each":{"requestsPerMinute":1}}';
    const proxy = await start({ HOST: '127.0.0.1', PORT: '0', LIMITS_TABLE: ':memory:', LIMITS });
    const answers = await Promise.all([ask(proxy.url), ask(proxy.url)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 429]);
    for (const answer of answers) {
      if (answer.ok) expect(await answer.text()).toMatch(/\[DONE\]\n\n$/);
      else expect(await answer.json()).toMatchObject({ error: { code: 'rate_limited', retryable: true } });
    }
    await expect.poll(() => proxy.records().map(({ limit }) => limit)).toContain('each.requestsPerMinute');
  });

  it('stop a process that has no table for them', async () => {
    await expect(start({ HOST: '127.0.0.1', PORT: '0', LIMITS: '{}' })).rejects.toThrow('LIMITS needs LIMITS_TABLE');
  });
});

describe('in AWS', () => {
  it('names requests and callers as AWS does, and writes metrics in its own name', async () => {
    const proxy = await start({ ...lambdaEndpoint, FUNCTION_NAME: 'chat' });
    const headers = { 'lambda-web-request-id': 'id-of-lambda', 'x-forwarded-for': '203.0.113.9, 192.0.2.7' };
    const answer = await ask(proxy.url, { headers });
    expect(answer.headers.get('x-request-id')).toBe('id-of-lambda');
    expect(await answer.text()).toMatch(/\[DONE\]\n\n$/);
    await expect.poll(() => proxy.records()).toHaveLength(1);
    expect(proxy.records()).toMatchObject([
      { front: 'web-function', requestId: 'id-of-lambda', sourceIp: '192.0.2.7', terminal: 'done' },
    ]);
    expect(proxy.log.lines.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line))).toMatchObject([
      { FunctionName: 'chat', Requests: 1 },
    ]);
  });

  it('is named web-function in its metrics by default, and makes an id if AWS gives none', async () => {
    const proxy = await start(lambdaEndpoint);
    const answer = await ask(proxy.url, { headers: { 'lambda-web-request-id': 'no id: {}' } });
    await answer.text();
    await expect.poll(() => proxy.records()).toHaveLength(1);
    expect(proxy.records()).toMatchObject([{ requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
    expect(proxy.log.lines.some((line) => line.includes('"FunctionName":"web-function"'))).toBe(true);
  });

  it('has the deadline REQUEST_TIMEOUT_MS less the margin, streams included', async () => {
    const proxy = await start({ ...lambdaEndpoint, REQUEST_TIMEOUT_MS: '700', DEADLINE_MARGIN_MS: '200' });
    bedrock.respondWith(streamReply([said('Hel'), 'stall']));
    onTestFinished(() => bedrock.respondWith(undefined));
    const began = performance.now();
    expect(await (await ask(proxy.url)).text()).toMatch(
      /^data: \{"content":"Hel"\}\n\ndata: .*"deadline_exceeded".*\n\n$/,
    );
    const seconds = (performance.now() - began) / 1_000;
    expect(seconds).toBeGreaterThan(0.45);
    expect(seconds).toBeLessThan(3);
  });
});

describe('the address of a caller', () => {
  const ranges = { ALLOWED_IPS: '192.0.2.0/24' };

  async function statusFor(proxy: WebFunction, forwarded: string | undefined): Promise<number> {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    const answer = await ask(proxy.url, { headers });
    await answer.text();
    return answer.status;
  }

  it.each([
    ['192.0.2.7', 200],
    ['203.0.113.9, 192.0.2.7', 200],
    ['192.0.2.7, 203.0.113.9', 403],
    ['192.0.2.7,203.0.113.9', 403],
    ['192.0.2.7, ', 403],
    [undefined, 403],
  ])('in AWS is the last of X-Forwarded-For: %s', async (forwarded, status) => {
    expect(await statusFor(await start({ ...lambdaEndpoint, ...ranges }), forwarded)).toBe(status);
  });

  it('elsewhere is the peer, whatever a header says', async () => {
    const proxy = await start({ ...ranges, PORT: '0' });
    for (const forwarded of ['192.0.2.7', '192.0.2.7, 192.0.2.7', undefined]) {
      expect(await statusFor(proxy, forwarded)).toBe(403);
    }
    expect(await statusFor(await start({ ALLOWED_IPS: '127.0.0.1', PORT: '0' }), '203.0.113.9')).toBe(200);
  });

  it('behind two proxies is what the first of them added, and nobody is let in if one added nothing', async () => {
    const proxy = await start({ ...ranges, TRUSTED_PROXIES: '2', PORT: '0' });
    expect(await statusFor(proxy, '192.0.2.7, 10.0.0.1')).toBe(200);
    expect(await statusFor(proxy, '203.0.113.9, 192.0.2.7, 10.0.0.1')).toBe(200);
    expect(await statusFor(proxy, '192.0.2.7, 203.0.113.9, 10.0.0.1')).toBe(403);
    expect(await statusFor(proxy, '192.0.2.7')).toBe(403);
    expect(await statusFor(proxy, undefined)).toBe(403);
  });
});

describe('the start', () => {
  it('outside AWS is on HOST and PORT, in front of no metrics', async () => {
    const proxy = await start({ HOST: '::1', PORT: '0' });
    expect(proxy.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(await (await fetch(`${proxy.url}/health`)).json()).toEqual({ status: 'ok' });
    await (await ask(proxy.url)).text();
    await expect.poll(() => proxy.records()).toHaveLength(2);
    expect(proxy.log.lines.join('\n')).not.toContain('"_aws"');
  });

  it('beyond this machine needs a token', async () => {
    const open = { HOST: '0.0.0.0', PORT: '0', AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url };
    await expect(startWebFunction(open)).rejects.toThrow('HOST lets other machines call this server');
    expect((await start({ HOST: '0.0.0.0', PORT: '0' })).url).toMatch(/^http:\/\/0\.0\.0\.0:/);
  });

  it.each([
    [{ AUTH_TOKEN: 'short' }, 'AUTH_TOKEN '],
    [{ PORT: 'x' }, 'PORT must be'],
    [{ HOST: '192.0.2.1', PORT: '0' }, '192.0.2.1 is no address of this machine. Set HOST to another address.'],
  ])('fails with the name of the variable: %j', async (env, message) => {
    await expect(start(env)).rejects.toThrow(message);
  });

  it('fails if the port is in use', async () => {
    const holder = createServer();
    await once(holder.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void holder.close());
    const address = holder.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await expect(start({ PORT: String(port) })).rejects.toThrow(`Port ${port} of 127.0.0.1 is in use.`);
  });
});

describe('a client of the process', () => {
  it('is asked for a large body by 100 Continue only if it is admitted', async () => {
    const proxy = await start({ PORT: '0' });
    const { hostname, port } = new URL(proxy.url);
    const body = bodyOf('Hello');
    const announce = (bearer: string) => {
      const { socket, ...client } = wireClient(connect(Number(port), hostname));
      onTestFinished(() => void socket.destroy());
      const headers = { expect: '100-continue', 'content-length': String(body.length), authorization: bearer };
      socket.write(post({ headers }));
      return { socket, ...client };
    };
    expect(await announce('Bearer a-wrong-token').waitFor(/"invalid_token"/)).toMatch(/^HTTP\/1\.1 401 /);
    const admitted = announce(`Bearer ${token}`);
    expect(await admitted.waitFor(/\r\n\r\n/)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    admitted.socket.write(body);
    expect(await admitted.waitFor(/\[DONE\]/)).toMatch(/HTTP\/1\.1 200 /);
  });

  it.each(['before the first event', 'within a stream'])(
    'that leaves %s ends the call of Bedrock within 250 ms, and no other call',
    async (when) => {
      const proxy = await start({ ...lambdaEndpoint, REQUEST_TIMEOUT_MS: '900000' });
      const end = encodeChunkFrame({ type: 'message_stop' }, 'abc');
      bedrock.respondWith(({ body }) => {
        if (Buffer.from(body).includes('"goes on"'))
          return streamReply([said('Hel'), { pauseMs: 1_500 }, said('lo'), end]);
        return when === 'within a stream' ? streamReply([said('Hel'), 'stall']) : 'stall';
      });
      onTestFinished(() => bedrock.respondWith(undefined));
      const other = await ask(proxy.url, { text: 'goes on' });
      const before = bedrock.requests.length;
      const { hostname, port } = new URL(proxy.url);
      const { socket, waitFor } = wireClient(connect(Number(port), hostname));
      socket.write(post({ headers: { authorization: `Bearer ${token}` }, body: bodyOf('leaves') }));
      if (when === 'within a stream') await waitFor(/"Hel"/);
      await expect.poll(() => bedrock.requests.length, { interval: 5 }).toBe(before + 1);
      const left = performance.now();
      socket.destroy();
      const call = bedrock.requests[before];
      await call?.closed;
      expect(call?.aborted).toBe(true);
      expect((call?.closedAt ?? Infinity) - left).toBeLessThan(250);
      expect(await other.text()).toMatch(/"Hel".*\n\n.*"lo".*\n\ndata: \[DONE\]\n\n$/);
      const codes = () => proxy.records().map(({ code, terminal }) => `${code} ${terminal}`);
      await expect.poll(codes).toEqual(['client_closed none', 'undefined done']);
    },
  );
});

describe('SIGTERM', () => {
  it('ends an idle process with 0, with connections that are kept alive', async () => {
    const proxy = await start({ PORT: '0' });
    await (await fetch(`${proxy.url}/health`)).text();
    proxy.process.kill('SIGTERM');
    expect(await proxy.ended).toBe(0);
  });

  it.each([
    // AWS ends the process a second after SIGTERM.
    ['in AWS', lambdaEndpoint, 0.3, 1],
    ['elsewhere', { PORT: '0' }, 4.5, 6],
  ])('ends 20 open streams in one terminal each, and the process with 0: %s', async (_place, place, least, most) => {
    const proxy = await start({ ...place, REQUEST_TIMEOUT_MS: '900000', IDLE_TIMEOUT_MS: '60000' });
    bedrock.respondWith(streamReply([said('Hel'), 'stall']));
    onTestFinished(() => bedrock.respondWith(undefined));
    const before = bedrock.requests.length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(proxy.url)));
    const { hostname, port } = new URL(proxy.url);
    const kept = wireClient(connect(Number(port), hostname));
    onTestFinished(() => void kept.socket.destroy());
    await once(kept.socket, 'connect');

    const began = performance.now();
    proxy.process.kill('SIGTERM');
    await expect
      .poll(
        () =>
          fetch(proxy.url).then(
            () => 'taken',
            () => 'refused',
          ),
        { interval: 20 },
      )
      .toBe('refused');
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(await proxy.ended).toBe(0);
    const seconds = (performance.now() - began) / 1_000;
    expect(seconds).toBeGreaterThan(least);
    // A busy machine may be late.
    expect(seconds).toBeLessThan(most + 2);
    for (const text of texts) {
      expect(text).toMatch(/^data: \{"content":"Hel"\}\n\ndata: \{"error":\{"code":"deadline_exceeded",.*\}\n\n$/);
    }
    // The probe above may have been answered once more.
    const records = proxy.records().filter(({ stream }) => stream === true);
    expect(records).toHaveLength(20);
    expect(new Set(records.map(({ code, terminal, status }) => `${code} ${terminal} ${status}`))).toEqual(
      new Set(['deadline_exceeded error 200']),
    );
    await Promise.all(bedrock.requests.slice(before).map(({ closed }) => closed));
    expect(bedrock.requests.slice(before).every(({ aborted }) => aborted)).toBe(true);
  });

  it('lets a stream end that ends in time', async () => {
    const proxy = await start({ PORT: '0' });
    const end = encodeChunkFrame({ type: 'message_stop' }, 'abc');
    bedrock.respondWith(streamReply([said('Hel'), { pauseMs: 500 }, said('lo'), end]));
    onTestFinished(() => bedrock.respondWith(undefined));
    const answer = await ask(proxy.url);
    proxy.process.kill('SIGTERM');
    expect(await answer.text()).toMatch(/"Hel".*\n\n.*"lo".*\n\ndata: \[DONE\]\n\n$/);
    expect(await proxy.ended).toBe(0);
  });
});
