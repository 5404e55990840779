import { describe, expect, it } from 'vitest';
import { post, question, startListener, token } from './start-listener.ts';

const chunked = { 'transfer-encoding': 'chunked' };
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const limits = { maxBodyBytes: 1_000 };

describe('the body of a caller that is not admitted', () => {
  it.each([
    ['that is announced', { 'content-length': '5000000' }],
    ['in chunks', chunked],
  ])('is not waited for: one %s', async (_name, headers) => {
    await using served = await startListener();
    const client = served.connect();
    client.socket.write(post({ headers: { ...headers, authorization: 'Bearer a-wrong-token' } }));
    const answer = await client.waitFor(/"invalid_token".*\}$/s);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    // What follows on this connection could be the rest of the body.
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(await client.closed).toBe(answer);
    expect(await served.record()).toMatchObject({ status: 401, code: 'invalid_token', principal: null });
  });

  it('is not asked for: there is no 100 Continue', async () => {
    await using served = await startListener();
    const client = served.connect();
    const headers = { expect: '100-continue', 'content-length': '50', authorization: 'Bearer a-wrong-token' };
    client.socket.write(post({ headers }));
    expect(await client.waitFor(/"invalid_token"/)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('is thrown away: a client that sends all of it reads its answer', async () => {
    await using served = await startListener();
    const answer = await fetch(served.url, { method: 'POST', body: 'x'.repeat(3_000_000) });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toHaveProperty('error.code', 'missing_token');
  });
});

describe('the body of a caller that is admitted', () => {
  it('is asked for by 100 Continue', async () => {
    await using served = await startListener();
    served.model.replyText('Hello');
    const body = question({ stream: true });
    const client = served.connect();
    client.socket.write(post({ headers: { expect: '100-continue', 'content-length': String(body.length) } }));
    expect(await client.waitFor(/\r\n\r\n/)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    client.socket.write(body);
    expect(await client.waitFor(/0\r\n\r\n$/)).toMatch(/HTTP\/1\.1 200 [\s\S]*"Hello"[\s\S]*\[DONE\]/);
  });

  it('is read however it is cut', async () => {
    await using served = await startListener();
    served.model.replyText('Hello');
    const client = served.connect();
    client.socket.write(post({ headers: chunked }));
    for (const letter of `${question({ prompt: 'é' })} `) client.socket.write(chunk(letter));
    client.socket.write('0\r\n\r\n');
    expect(await client.waitFor(/Hello/)).toMatch(/^HTTP\/1\.1 200 /);
    expect(served.model.calls[0]?.json()).toEqual({ prompt: 'é' });
  });

  it('may be as large as the limit, and not a byte larger', async () => {
    await using served = await startListener({}, { limits });
    served.model.replyText('Hello');
    const headers = { authorization: `Bearer ${token}` };
    const send = (size: number) =>
      fetch(served.url, { method: 'POST', headers, body: question().padEnd(size) }).then(({ status }) => status);
    expect(await send(1_000)).toBe(200);
    expect(await send(1_001)).toBe(413);
  });

  it('is refused before it is sent if it announces too many bytes', async () => {
    await using served = await startListener({}, { limits });
    const client = served.connect();
    client.socket.write(post({ headers: { 'content-length': '1001' } }));
    expect(await client.waitFor(/"body_too_large".*\}$/s)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('is refused while it is still sent in chunks', async () => {
    await using served = await startListener({}, { limits });
    const client = served.connect();
    client.socket.write(post({ headers: chunked }));
    client.socket.write(chunk('x'.repeat(1_000)));
    client.socket.write(chunk('x'));
    const answer = await client.waitFor(/"body_too_large".*\}$/s);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(await client.closed).toBe(answer);
    expect(served.model.calls).toEqual([]);
  });

  it('is cut off if it never ends: a client that goes on after its answer does not keep the connection', async () => {
    await using served = await startListener({}, { limits });
    const client = served.connect();
    client.socket.write(post({ headers: chunked }));
    const sending = setInterval(() => client.socket.write(chunk('x'.repeat(10_000))), 10);
    const began = performance.now();
    expect(await client.closed).toMatch(/^HTTP\/1\.1 413 [\s\S]*"body_too_large"/);
    clearInterval(sending);
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it('is not waited for after the deadline', async () => {
    await using served = await startListener({ remainingMs: () => 300 }, { limits: { deadlineMarginMs: 100 } });
    const client = served.connect();
    client.socket.write(post({ headers: chunked }));
    client.socket.write(chunk('{'));
    expect(await client.waitFor(/"deadline_exceeded"/)).toMatch(/^HTTP\/1\.1 504 /);
  });

  it('that another listener has read is an error of the server, not of its client', async () => {
    const logged: unknown[] = [];
    const logger = { info: () => {}, warn: () => {}, error: (fields: object) => void logged.push(fields) };
    await using served = await startListener({}, { logger });
    const [listener] = served.server.listeners('request');
    served.server.removeAllListeners('request').on('request', (request, response) => {
      request.resume().once('end', () => Reflect.apply(listener as () => void, served.server, [request, response]));
    });
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(served.url, { method: 'POST', headers, body: question() });
    expect(answer.status).toBe(500);
    await expect.poll(() => JSON.stringify(logged)).toContain('Put the listener before everything that parses bodies.');
  });
});
