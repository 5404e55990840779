import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestRecord } from '@bedrock-proxy/core';
import { describe, expect, it } from 'vitest';
import { askByHttp } from './ask-by-http.js';
import type { DialectAnswer, ServedProxy } from './dialect-setup.js';

const request = { path: '/a%2Fb', query: 'c=d', headers: { 'x-a': 'b' }, body: 'é' };
const record = { requestId: 'r-1', status: 499 } as RequestRecord;

/** A server that answers its only request so. */
async function serve(answer: (response: ServerResponse, received: string) => void): Promise<ServedProxy> {
  const server = createServer(async (incoming, response) => {
    let body = '';
    for await (const piece of incoming.setEncoding('utf8')) body += piece;
    answer(response, `${incoming.method} ${incoming.url} ${incoming.headers['x-a']} ${body}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('askByHttp', () => {
  it('sends the request as it is, and has the answer with the id of its record', async () => {
    const served = await serve((response, received) => response.writeHead(201, { 'X-B': 'c' }).end(received));
    expect(await askByHttp(served, request, {}, [record])).toMatchObject({
      ...{ status: 201, text: 'POST /a%2Fb?c=d b é', requestId: 'r-1', isComplete: true, clientLeft: false },
      headers: { 'x-b': 'c' },
    });
  });

  it('shows each piece of the answer as it comes', async () => {
    const seen: string[] = [];
    const served = await serve((response) => {
      response.write('one ');
      const next = setInterval(() => {
        if (seen.length === 0) return;
        clearInterval(next);
        response.end('two');
      }, 1);
    });
    const onProgress = ({ text, isComplete }: DialectAnswer) => void seen.push(`${text}${isComplete}`);
    const { pieces } = await askByHttp(served, request, { onProgress }, [record]);
    expect(seen).toEqual(['one false', 'one twofalse']);
    expect(pieces.map(String)).toEqual(['one ', 'two']);
  });

  it('rejects if the answer breaks off', async () => {
    const served = await serve((response) => {
      response.write('one');
      setImmediate(() => response.destroy());
    });
    await expect(askByHttp(served, request, {}, [record])).rejects.toThrow('aborted');
  });

  it('has the status of the record if the client leaves before the head', async () => {
    const client = new AbortController();
    const served = await serve(() => client.abort());
    const answer = await askByHttp(served, request, { signal: client.signal }, [record]);
    expect(answer).toMatchObject({ status: 499, text: '', isComplete: false, clientLeft: true });
  });
});
