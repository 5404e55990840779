import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { type BedrockEmulator, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, expect, it } from 'vitest';

const token = 'a-token-of-some-length';
let emulator: BedrockEmulator;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
});
afterAll(() => emulator.close());

async function startServer(environment: NodeJS.ProcessEnv) {
  const server = spawn(process.execPath, [join(import.meta.dirname, '../../examples/node-server.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
  });
  let log = '';
  const port = await new Promise<string>((resolve, reject) => {
    for (const output of [server.stdout, server.stderr]) {
      output.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        const [, found] = /listening on .*port: (\d+)/s.exec(log) ?? [];
        if (found) resolve(found);
      });
    }
    server.once('exit', (code) => reject(new Error(`exit code ${code}: ${log}`)));
  });
  return { server, url: `http://127.0.0.1:${port}/`, log: () => log };
}

it('the server streams, refuses other tokens, logs the forwarded address, and ends with 0 after SIGTERM', async () => {
  const { server, url, log } = await startServer({
    TEAM_A_TOKEN_SHA256: createHash('sha256').update(token).digest('hex'),
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: emulator.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'emulated',
    AWS_SECRET_ACCESS_KEY: 'emulated',
  });
  try {
    const body = JSON.stringify({
      modelId: 'global.amazon.nova-2-lite-v1:0',
      stream: true,
      messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
    });
    const ask = async (as: string) => {
      const headers = { authorization: `Bearer ${as}`, 'x-forwarded-for': '192.0.2.7, 198.51.100.1' };
      const response = await fetch(url, { method: 'POST', headers, body });
      return { status: response.status, text: await response.text() };
    };
    expect(await ask(token)).toMatchObject({ status: 200, text: expect.stringMatching(/data: \[DONE\]\s+$/) });
    expect((await ask('another-token')).status).toBe(401);
    expect(log()).toContain('"sourceIp":"198.51.100.1"');

    const exited = once(server, 'exit');
    server.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  } finally {
    server.kill('SIGKILL');
  }
});

it('the server does not start without the hash of a token', async () => {
  await expect(startServer({ AWS_REGION: 'eu-west-1' })).rejects.toThrow(/sha256/);
});
