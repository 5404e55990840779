import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { bearerTokens } from '@bedrock-proxy/core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openBrowser } from './open-browser.ts';
import { type Playground, startPlayground } from './start-playground.ts';

const token = 'a-token-for-the-page';
const html = readFileSync(join(import.meta.dirname, '../../examples/browser-page.html'));

let browser: Browser;
let proxy: Playground;
/** Serves the page from another origin than the proxy's. */
let host: Server;
beforeAll(async () => {
  proxy = await startPlayground(bearerTokens([{ id: 'a-page', token }]), 25);
  host = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  await once(host.listen(0, '127.0.0.1'), 'listening');
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  host?.closeAllConnections();
  host?.close();
  await proxy?.[Symbol.asyncDispose]();
});

async function ask(asToken: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(host.address() as AddressInfo).port}/`);
  await page.fill('[name=url]', `${proxy.url}/`);
  await page.fill('[name=token]', asToken);
  await page.click('button');
  return page;
}

it('the page shows a streamed answer from another origin piece by piece', async () => {
  const page = await ask(token);
  const shown = () => page.locator('output').evaluate(({ textContent }) => textContent ?? '');
  const lengths = new Set<number>();
  await vi.waitFor(
    async () => {
      lengths.add((await shown()).length);
      expect(await shown()).toMatch(/“What is a proxy\?”.*\.$/);
      expect(proxy.emulator.requests.at(-1)?.closedAt).toBeDefined();
    },
    { interval: 10, timeout: 10_000 },
  );
  expect(lengths.size).toBeGreaterThan(3);
  await page.close();
});

it('the page shows the error if the proxy refuses the request', async () => {
  const page = await ask('another-token');
  await page.getByText('The token is not accepted.').waitFor();
  await page.close();
});
