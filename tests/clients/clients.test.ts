import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from './local-server.ts';
import { runClient } from './run-client.ts';

const token = 'a-token-for-the-clients';
const question = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Why, “so”?' }],
};

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ AUTH_TOKEN: token });
});
afterAll(async () => {
  expect(await server.stop('SIGINT')).toBe(0);
});

const python = `
import json, sys, time, urllib.request
url, token, body = sys.argv[1:4]
request = urllib.request.Request(url, data=body.encode(), headers={"Authorization": "Bearer " + token})
with urllib.request.urlopen(request) as response:
    print(response.status, response.headers["content-type"])
    for line in response:
        print(line.decode().rstrip("\\n"), flush=True)
`;

describe.each(['modelId', 'model'])('a client that names its model in %s', (member) => {
  const body = JSON.stringify({
    [member]: 'global.anthropic.claude-haiku-4-5-20251001-v1:0',
    stream: true,
    ...question,
  });
  const whole = JSON.stringify({ [member]: 'global.anthropic.claude-haiku-4-5-20251001-v1:0', ...question });

  it('receives events with curl', async () => {
    const { output } = await runClient('curl', [
      '-sSN',
      '-i',
      '-H',
      `Authorization: Bearer ${token}`,
      '-d',
      body,
      server.url,
    ]);
    expect(output).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-type: text\/event-stream; charset=utf-8\r\n/i);
    expect(output).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('receives events one by one with fetch', async () => {
    const response = await fetch(server.url, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body });
    const times: number[] = [];
    let text = '';
    for await (const piece of response.body ?? []) {
      times.push(performance.now());
      text += Buffer.from(piece).toString();
    }
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(50);
  });

  it('receives events line by line with Python’s standard library', async () => {
    const { output, errors, pieces } = await runClient('python3', ['-c', python, server.url, token, body]);
    expect(errors).toBe('');
    expect(output).toMatch(/^200 text\/event-stream; charset=utf-8\n/);
    expect(output).toMatch(/data: \[DONE\]\n\n$/);
    expect(pieces.length).toBeGreaterThan(3);
  });

  it.each(['/', '/prod/chat', '/http/chat', '/stream/chat'])('receives the complete response from %s', async (path) => {
    const { output } = await runClient('curl', ['-sS', '-H', `x-api-key: ${token}`, '-d', whole, server.url + path]);
    expect(JSON.parse(output)).toMatchObject({
      type: 'message',
      content: [{ type: 'text', text: expect.stringContaining('“so”') }],
    });
  });
});

it('a client without a token is refused with 401', async () => {
  const response = await fetch(server.url, { method: 'POST', body: '{}' });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { code: 'missing_token' } });
});
