import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withOwnPages } from './own-pages.ts';

const server = createServer(withOwnPages((request, response) => response.end(`function ${request.method}`)));
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('says how to call the proxy, with its own port, to whoever opens it in a browser', async () => {
  const response = await fetch(`${url}/?x=1`);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain(`curl http://localhost:${new URL(url).port}/`);
});

it('has no page in the playground yet', async () => {
  expect((await fetch(`${url}/playground/x`)).status).toBe(404);
});

it.each([
  ['POST', '/'],
  ['OPTIONS', '/'],
  ['POST', '/playground/x'],
  ['GET', '/health'],
  ['GET', '/playground'],
])('leaves %s %s to the functions', async (method, path) => {
  expect(await (await fetch(url + path, { method })).text()).toBe(`function ${method}`);
});
