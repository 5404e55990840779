import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emulatedFaults } from './playable-faults.ts';
import { type Backend, withPlayground } from './with-playground.ts';

const functions = (backend: Backend) =>
  createServer(withPlayground((request, response) => response.end(`function ${request.method}`), backend));
const server = functions({ isEmulated: true, line: 'Emulated Bedrock.', faults: emulatedFaults });
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('the playground of the local server', () => {
  it('is served at / with a content security policy that allows only this server', async () => {
    const response = await fetch(`${url}/?x=1`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src/,
    );
    expect(response.headers.get('content-security-policy')).not.toMatch(/unsafe|http|\*/);
    const page = await response.text();
    expect(page).toContain('<title>bedrock-proxy playground</title>');
    expect(page).not.toMatch(/<style|style=| on\w+=|<script(?![^>]*src="\/playground\/)/);
  });

  it.each([
    ['main.js', 'text/javascript; charset=utf-8'],
    ['playground.css', 'text/css; charset=utf-8'],
    ['icon.svg', 'image/svg+xml'],
  ])('has the file %s', async (name, contentType) => {
    const response = await fetch(`${url}/playground/${name}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(contentType);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).not.toBe('');
  });

  it('imports only files that are served', async () => {
    const modules = readdirSync(new URL('playground', import.meta.url)).filter((name) => name.endsWith('.js'));
    for (const name of modules) {
      const code = await (await fetch(`${url}/playground/${name}`)).text();
      for (const [, imported] of code.matchAll(/^import .* from '\.\/(.+)';$/gm)) expect(modules).toContain(imported);
      expect(code.match(/^import .* from '[^.]/gm), name).toBeNull();
    }
  });

  it.each(['x', '', 'tsconfig.json', 'read-answer.test.ts', '..%2fwith-playground.ts', '/etc/passwd'])(
    'has no other files: /playground/%s is not found',
    async (name) => {
      const response = await fetch(`${url}/playground/${name}`);
      expect(response.status).toBe(404);
      expect(await response.text()).toBe('Page not found.\n');
    },
  );

  it('lists each fault with the model id that triggers it', async () => {
    expect(await (await fetch(`${url}/playground/faults.json`)).json()).toMatchObject({
      calls: { 'http-429': 'emulator.http-429' },
      streams: { stall: { middle: 'emulator.stall.middle' } },
      positions: expect.arrayContaining(['middle']),
    });
  });

  it('says whether Bedrock is emulated', async () => {
    expect(await (await fetch(`${url}/playground/backend.json`)).json()).toEqual({
      isEmulated: true,
      line: 'Emulated Bedrock.',
    });
  });

  it.each(['curl/8.5.0', 'Wget/1.21', 'HTTPie/3.2.4'])('is one line of text for %s', async (agent) => {
    const response = await fetch(url, { headers: { 'user-agent': agent } });
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toMatch(/^bedrock-proxy\. Emulated Bedrock\. POST a request here, .+\n$/);
  });

  it('lists no faults without an emulator', async () => {
    const real = functions({ isEmulated: false, line: 'Calling Amazon Bedrock.' });
    await new Promise<void>((resolve) => real.listen(0, '127.0.0.1', resolve));
    const response = await fetch(`http://127.0.0.1:${(real.address() as AddressInfo).port}/playground/faults.json`);
    expect(await response.json()).toEqual({ calls: {}, streams: {}, positions: [], expected: {} });
    real.closeAllConnections();
    real.close();
  });
});

it.each([
  ['POST', '/'],
  ['OPTIONS', '/'],
  ['POST', '/playground/x'],
  ['GET', '/health'],
  ['GET', '/playground'],
])('passes %s %s to the functions', async (method, path) => {
  expect(await (await fetch(url + path, { method })).text()).toBe(`function ${method}`);
});
