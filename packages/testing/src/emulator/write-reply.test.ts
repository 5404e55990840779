import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exceptionReply } from './emulated-exception.js';
import { type BedrockEmulator, startBedrockEmulator } from './start-bedrock-emulator.js';

let emulator: BedrockEmulator;
beforeEach(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0 });
});
afterEach(() => emulator.close());

const request = (init: RequestInit = {}) =>
  fetch(`${emulator.url}/model/anthropic.claude-sonnet-4-6/invoke`, {
    method: 'POST',
    body: JSON.stringify({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'Hi' }],
    }),
    ...init,
  });

describe('a scripted reply', () => {
  it('is sent byte for byte', async () => {
    emulator.respondWith({
      status: 418,
      headers: { 'content-type': 'text/plain', 'retry-after': '7' },
      body: [Buffer.from('short '), new Uint8Array(), { pauseMs: 1 }, Buffer.from('and stout')],
    });
    const response = await request();
    expect(response.status).toBe(418);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await response.text()).toBe('short and stout');
  });

  it('sends its head before its first part', async () => {
    emulator.respondWith({ body: ['stall'] });
    expect((await request()).status).toBe(200);
  });

  it('can be a function, which is called for each request and can leave one to the model', async () => {
    emulator.respondWith(async ({ index }) =>
      index === 0 ? exceptionReply('ThrottlingException', 'Slow.') : undefined,
    );
    const refused = await request();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('x-amzn-errortype')).toMatch(/^ThrottlingException:/);
    expect(await refused.json()).toEqual({ message: 'Slow.' });
    expect((await request()).status).toBe(200);
  });

  it('applies until it is removed', async () => {
    emulator.respondWith({ status: 503 });
    expect([(await request()).status, (await request()).status]).toEqual([503, 503]);
    emulator.respondWith(undefined);
    expect((await request()).status).toBe(200);
  });

  it.each(['close', 'reset'] as const)('can %s the connection before its head', async (how) => {
    emulator.respondWith(how);
    await expect(request()).rejects.toThrow();
    await emulator.requests[0]?.closed;
    expect(emulator.requests[0]?.aborted).toBe(false);
  });

  it('can close the connection within its body, after the bytes before', async () => {
    emulator.respondWith({ body: [Buffer.from('begun'), 'close', Buffer.from('never')] });
    const reader = (await request()).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('begun');
    await expect(reader?.read()).rejects.toThrow();
  });

  it('can stall until the client disconnects', async () => {
    emulator.respondWith('stall');
    const controller = new AbortController();
    const sent = request({ signal: controller.signal }).catch((error: Error) => error.name);
    await vi.waitFor(() => expect(emulator.requests).toHaveLength(1));
    controller.abort();
    expect(await sent).toBe('AbortError');
    await emulator.requests[0]?.closed;
    expect(emulator.requests[0]?.aborted).toBe(true);
  });

  it('that throws becomes a 500 with the thrown message', async () => {
    emulator.respondWith(() => {
      throw new Error('a bug of the test');
    });
    const response = await request();
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('a bug of the test');
  });

  it('that cannot be written ends the connection', async () => {
    emulator.respondWith({ headers: { 'not a header': '' } });
    await expect(request()).rejects.toThrow();
  });
});

it('the emulator keeps only the latest requests', async () => {
  await emulator.close();
  emulator = await startBedrockEmulator({ paceMs: 0, remember: 2 });
  for (let sent = 0; sent < 3; sent += 1) await request();
  expect(emulator.requests.map(({ index }) => index)).toEqual([1, 2]);
});
