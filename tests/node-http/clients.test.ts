import { getEventListeners, once } from 'node:events';
import { connect, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { post, question, startListener, token } from './start-listener.ts';

describe('a client that leaves', () => {
  it.each([
    ['before the first event', false, 499],
    ['within a stream', true, 200],
  ])('%s ends the call of the model within 250 ms', async (_name, isAnswered, status) => {
    await using served = await startListener();
    served.model.reply((answer) => (isAnswered ? answer.text('a').hang() : answer.hang()));
    const client = served.connect();
    client.socket.write(post({ body: question({ stream: true }) }));
    if (isAnswered) await client.waitFor(/"a"/);
    else await expect.poll(() => served.model.calls.length, { interval: 5 }).toBe(1);
    const leftAt = performance.now();
    client.socket.destroy();
    expect(await served.record()).toMatchObject({ status, code: 'client_closed', terminal: 'none' });
    expect(served.model.calls[0]?.signal.aborted).toBe(true);
    expect(performance.now() - leftAt).toBeLessThan(250);
  });

  it('while it sends its body has no answer, and calls no model', async () => {
    await using served = await startListener();
    const client = served.connect();
    client.socket.write(post({ headers: { 'content-length': '100' } }));
    client.socket.write('{');
    await new Promise((resolve) => setTimeout(resolve, 20));
    client.socket.destroy();
    expect(await served.record()).toMatchObject({ status: 499, code: 'client_closed', principal: 'caller' });
    expect(served.model.calls).toEqual([]);
  });

  it('after its answer leaves nothing behind', async () => {
    await using served = await startListener();
    served.model.replyText('Hello');
    const client = served.connect();
    client.socket.write(post({ body: question({ stream: true }) }));
    await client.waitFor(/\[DONE\]/);
    client.socket.destroy();
    expect(await served.record()).toMatchObject({ status: 200, terminal: 'done' });
    const { signal } = served.model.calls[0] ?? {};
    expect(signal && getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('by HTTP/2, in a crowd, leaves nothing behind either', async () => {
    await using served = await startListener();
    for (let count = 0; count < crowd; count++) served.model.reply((answer) => answer.hang());
    const { listener, model } = served;
    const server = createServer((request, response) => {
      Reflect.apply(listener, server, [request, response]);
      // With a crowd, this is before the request has its turn.
      response.stream.destroy();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await once(session, 'remoteSettings');
    const closed = Array.from({ length: crowd }, () => {
      const stream = session.request({ ':method': 'POST', authorization: `Bearer ${token}` });
      stream.on('error', () => {}).end(question());
      return new Promise((resolve) => stream.once('close', resolve));
    });
    await Promise.all(closed);
    const began = performance.now();
    await listener.drain(5_000);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(model.calls.filter(({ signal }) => !signal.aborted)).toEqual([]);
    // What nobody waits for any more does not begin.
    expect(served.records.length).toBeLessThan(crowd);
    session.destroy();
    server.close();
  });
});

/** More requests than begin in one turn of the event loop. */
const crowd = 40;

describe('a listener that drains', () => {
  it('lets an answer end that ends in time', async () => {
    await using served = await startListener();
    served.model.reply((answer) => answer.text('Hel').pause(100).text('lo'));
    const client = served.connect();
    client.socket.write(post({ body: question({ stream: true }) }));
    await client.waitFor(/Hel/);
    const began = performance.now();
    await served.listener.drain(5_000);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await client.waitFor(/\[DONE\]/)).toMatch(/"lo"/);
  });

  it('lets those end too that have not begun yet', async () => {
    await using served = await startListener();
    const { server, listener, model, records } = served;
    const arrived: (() => void)[] = [];
    const drained = new Promise<void>((resolve) => {
      server.removeAllListeners('request').on('request', (request, response) => {
        arrived.push(() => listener(request, response));
        if (arrived.length < crowd) return;
        for (const begin of arrived) begin();
        void listener.drain(5_000).then(resolve);
      });
    });
    for (let count = 0; count < crowd; count++) {
      model.replyText('Hello');
      served.connect().socket.write(post({ body: question() }));
    }
    await drained;
    expect(records.map(({ status }) => status)).toEqual(Array.from({ length: crowd }, () => 200));
  });

  it('ends an answer that takes too long in deadline_exceeded, and says why', async () => {
    await using served = await startListener();
    served.model.reply((answer) => answer.text('Hel').hang());
    const client = served.connect();
    client.socket.write(post({ body: question({ stream: true }) }));
    await client.waitFor(/Hel/);
    await served.listener.drain(50);
    const stopped = /"code":"deadline_exceeded","message":"This server is stopping\. Send the request again\."/;
    expect(await client.waitFor(stopped)).not.toContain('[DONE]');
    expect(await served.record()).toMatchObject({ status: 200, code: 'deadline_exceeded', terminal: 'error' });
  });

  it('does not wait for a client that takes nothing', async () => {
    await using served = await startListener();
    served.model.reply((answer) => answer.text('x'.repeat(20_000_000)).hang());
    const client = served.connect();
    client.socket.write(post({ body: question({ stream: true }) }));
    await client.waitFor(/HTTP/);
    client.socket.pause();
    const began = performance.now();
    await served.listener.drain(50);
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  it('refuses a request that comes later, and closes its connection', async () => {
    await using served = await startListener();
    await served.listener.drain(0);
    const client = served.connect();
    client.socket.write(post({ body: question() }));
    const answer = await client.closed;
    expect(answer).toMatch(/^HTTP\/1\.1 504 /);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(answer).toContain('"deadline_exceeded"');
    expect(served.model.calls).toEqual([]);
  });
});
