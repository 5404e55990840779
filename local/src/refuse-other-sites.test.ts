import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuseOtherSites } from './refuse-other-sites.ts';

const server = createServer(refuseOtherSites((_request, response) => response.end('answered')));
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.close();
});

async function statusFor(headers: IncomingHttpHeaders): Promise<number | undefined> {
  const { port } = server.address() as AddressInfo;
  const sent = request({ port, host: '127.0.0.1', method: 'POST', headers, agent: false }).end('{}');
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}

describe('a local server that calls Amazon Bedrock without a token', () => {
  it.each([
    { host: 'localhost:8787' },
    { host: '127.0.0.1:8787' },
    { host: '[::1]:8787' },
    { host: 'localhost:8787', origin: 'http://localhost:8787' },
    { host: 'localhost:8787', origin: 'http://localhost:3000' },
  ])('answers pages of this machine: %j', async (headers) => {
    expect(await statusFor(headers)).toBe(200);
  });

  it.each([
    { host: 'localhost:8787', origin: 'https://elsewhere.example' },
    { host: 'localhost:8787', origin: 'https://localhost.elsewhere.example' },
    { host: 'localhost:8787', origin: 'null' },
    { host: 'rebound.example:8787' },
    { host: 'rebound.example', origin: 'http://rebound.example' },
    { host: 'localhost@elsewhere.example' },
  ])('refuses other sites: %j', async (headers) => {
    expect(await statusFor(headers)).toBe(403);
  });
});
