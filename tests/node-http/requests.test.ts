import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { post, question, startListener, token } from './start-listener.ts';

describe('a request of node:http', () => {
  it('has its own id, the address of its peer and no deadline', async () => {
    await using served = await startListener();
    served.model.replyText('Hello');
    const client = served.connect();
    client.socket.write(post({ body: question() }));
    const [, id] = /x-request-id: (.+)\r\n/.exec(await client.waitFor(/Hello/)) ?? [];
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await served.record()).toMatchObject({
      front: 'node-http',
      requestId: id,
      sourceIp: '127.0.0.1',
      status: 200,
    });
  });

  it('has no trace, whatever a client sends', async () => {
    await using served = await startListener();
    served.model.replyText('Hello');
    const client = served.connect();
    client.socket.write(post({ headers: { 'x-amzn-trace-id': 'Root=1-67891233-abc' }, body: question() }));
    await client.waitFor(/Hello/);
    expect(await served.record()).not.toHaveProperty('traceId');
  });

  it('may be given all of them, by functions of the request', async () => {
    await using served = await startListener({
      front: 'mine',
      requestId: ({ headers }) => `id-of-${headers.host}`,
      sourceIp: ({ headers }) => String(headers['x-real-ip']),
      traceId: ({ headers }) => String(headers['x-amzn-trace-id']),
      remainingMs: ({ url }) => Number(url?.slice(1)),
    });
    served.model.reply((answer) => answer.hang());
    const client = served.connect();
    const headers = { 'x-real-ip': '192.0.2.7', 'x-amzn-trace-id': 'Root=1-67891233-abc;Sampled=1' };
    client.socket.write(post({ path: '/2100', headers, body: question() }));
    expect(await client.waitFor(/"deadline_exceeded"/)).toMatch(/^HTTP\/1\.1 504 /);
    expect(await served.record()).toMatchObject({
      ...{ front: 'mine', requestId: 'id-of-proxy.example.com', sourceIp: '192.0.2.7' },
      traceId: '1-67891233-abc',
    });
  });

  it.each(['http://proxy.example.com/', 'http://proxy.example.com', 'https://proxy.example.com:8443/?a=b'])(
    'may name the whole URL: %s',
    async (path) => {
      await using served = await startListener();
      served.model.replyText('Hello');
      const client = served.connect();
      client.socket.write(post({ path, body: question() }));
      expect(await client.waitFor(/Hello/)).toMatch(/^HTTP\/1\.1 200 /);
    },
  );

  it('keeps two headers of one name apart', async () => {
    await using served = await startListener();
    const client = served.connect();
    client.socket.write(post({ headers: { Authorization: 'Bearer another-token' }, body: question() }));
    expect(await client.waitFor(/there is more than one/)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each(['constructor', '__proto__', 'toString'])('may have a header named %s', async (name) => {
    await using served = await startListener();
    served.model.replyText('Hello');
    const client = served.connect();
    client.socket.write(post({ body: question() }).replace('\r\n\r\n', `\r\n${name}: x\r\n\r\n`));
    expect(await client.waitFor(/Hello/)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('may have headers of 15 KB', async () => {
    await using served = await startListener();
    served.model.replyText('Hello');
    const client = served.connect();
    client.socket.write(post({ headers: { 'x-large': 'x'.repeat(15_000) }, body: question() }));
    expect(await client.waitFor(/Hello/)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('without a body is none', async () => {
    await using served = await startListener();
    const client = served.connect();
    client.socket.write(post());
    expect(await client.waitFor(/"invalid_json"/)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('of HTTP/1.0 is streamed to, and its connection is closed at the end', async () => {
    await using served = await startListener();
    served.model.replyText('Hel', 'lo');
    const client = served.connect();
    client.socket.write(post({ body: question({ stream: true }) }).replace('HTTP/1.1', 'HTTP/1.0'));
    const answer = await client.closed;
    expect(answer).not.toMatch(/chunked/i);
    expect(answer).toMatch(/\r\n\r\ndata: \{"content":"Hel"\}\n\ndata: \{"content":"lo"\}\n\ndata: \[DONE\]\n\n$/);
  });

  it.each(['HEAD', 'OPTIONS'])(
    'of the method %s has no body in its answer, and keeps its connection',
    async (method) => {
      await using served = await startListener();
      const client = served.connect();
      const head = `${method} /health HTTP/1.1\r\nhost: a\r\n\r\n`;
      client.socket.write(head);
      const first = await client.waitFor(/\r\n\r\n/);
      client.socket.write(head);
      expect((await client.waitFor(/\r\n\r\n.*\r\n\r\n/s)).replaceAll(/(x-request-id|date): .*/gi, '')).toBe(
        (first + first).replaceAll(/(x-request-id|date): .*/gi, ''),
      );
    },
  );
});

describe('a connection', () => {
  it('serves one request after another', async () => {
    await using served = await startListener();
    served.model.replyText('one').replyText('two').failWith('throttled').replyText('four');
    const client = served.connect();
    for (const end of [/"one"/, /"two"/, /"throttled"/, /"four"/]) {
      client.socket.write(post({ body: question({ stream: true }) }));
      await client.waitFor(end);
      await client.waitFor(/(0\r\n|\})\r\n$|\}$/);
    }
    expect(served.model.calls).toHaveLength(4);
  });

  it('answers pipelined requests in their order, and calls the model for one at a time', async () => {
    await using served = await startListener();
    let open = 0;
    let most = 0;
    for (const name of ['one', 'two', 'three']) served.model.replyText(name);
    const { stream } = served.model;
    served.model.stream = async (call) => {
      most = Math.max(most, ++open);
      call.signal?.addEventListener('abort', () => open--, { once: true });
      const opened = await Reflect.apply(stream, served.model, [call]);
      return {
        ...opened,
        batches: (async function* () {
          yield* opened.batches;
          open--;
        })(),
      };
    };
    const client = served.connect();
    client.socket.write(post({ body: question({ stream: true }) }).repeat(3));
    const answers = await client.waitFor(/(\[DONE\][\s\S]*){3}0\r\n\r\n$/);
    expect(answers.match(/one|two|three/g)).toEqual(['one', 'two', 'three']);
    expect(most).toBe(1);
  });

  it('that closes during the first of several requests starts none of the others', async () => {
    await using served = await startListener();
    served.model.reply((answer) => answer.text('a').hang()).replyText('never asked for');
    const client = served.connect();
    client.socket.write(post({ body: question({ stream: true }) }).repeat(2));
    await client.waitFor(/"a"/);
    client.socket.destroy();
    expect(await served.record()).toMatchObject({ code: 'client_closed', terminal: 'none' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(served.model.calls).toHaveLength(1);
  });

  it.each([
    ['headers of 16 KB', post({ headers: { 'x-large': 'x'.repeat(16_384) } }), /^HTTP\/1\.1 431 /],
    ['headers of 20 KB', post({ headers: { 'x-large': 'x'.repeat(20_000) } }), /^HTTP\/1\.1 431 /],
    ['no HTTP', 'Hello\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a length that is no number', post({ headers: { 'content-length': 'x' } }), /^HTTP\/1\.1 400 /],
    ['two lengths', post({ headers: { 'content-length': '5', 'Content-Length': '6' } }), /^HTTP\/1\.1 400 /],
    [
      'a length and chunks',
      post({ headers: { 'content-length': '5', 'transfer-encoding': 'chunked' } }),
      /^HTTP\/1\.1 400 /,
    ],
    ['no host', post().replace(/host: .*\r\n/, ''), /^HTTP\/1\.1 400 /],
    [
      'a chunk without a length',
      `${post({ headers: { 'transfer-encoding': 'chunked' } })}zz\r\n{}\r\n0\r\n\r\n`,
      /^(?:HTTP\/1\.1 400 |$)/,
    ],
  ])('with %s is refused, and the next one is served', async (_name, bytes, refusal) => {
    await using served = await startListener();
    served.model.replyText('Hello');
    const client = served.connect();
    client.socket.write(bytes, 'latin1');
    expect(await client.closed).toMatch(refusal);
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(served.url, { method: 'POST', headers, body: question() })).status).toBe(200);
    expect(served.model.calls).toHaveLength(1);
  });

  it('that asks for another protocol is answered as if it did not', async () => {
    await using served = await startListener();
    const options = { headers: { connection: 'upgrade', upgrade: 'websocket' }, agent: false };
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(`${served.url}/health`, options, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });
});
