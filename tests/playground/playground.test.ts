import { bearerTokens } from '@bedrock-proxy/core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBrowser } from './open-browser.ts';
import { type Playground, startPlayground } from './start-playground.ts';

const token = 'a-token-for-the-playground';

let browser: Browser;
let playground: Playground;
let page: Page;
/** Errors of the browser: failed scripts, and requests that the content security policy blocks. */
let browserErrors: string[];

beforeAll(async () => {
  playground = await startPlayground(bearerTokens([{ id: 'a-person', token }]), 25);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await playground?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  browserErrors = [];
  page = await browser.newPage({ viewport: { width: 1200, height: 640 }, colorScheme: 'light' });
  page.on('pageerror', (error) => browserErrors.push(String(error)));
  page.on('console', (message) => {
    // The console also reports the error statuses that the tests cause on purpose.
    if (message.type() === 'error' && !/the server responded with a status of/.test(message.text())) {
      browserErrors.push(message.text());
    }
  });
  await page.goto(playground.url);
  await page.locator('#fault option').nth(1).waitFor({ state: 'attached' });
  await page.fill('#token', token);
  return async () => {
    expect(browserErrors).toEqual([]);
    await page.close();
  };
});

const text = (id: string) =>
  page
    .locator(`#${id}`)
    .textContent()
    .then((text) => text ?? '');
const stateIs = (state: string) => page.getByRole('status').getByText(state, { exact: true }).waitFor();
const lengthOfAnswer = () => page.locator('#answer').evaluate(({ textContent }) => textContent?.length ?? 0);
const someText = () => vi.waitFor(async () => expect(await lengthOfAnswer()).toBeGreaterThan(10), { interval: 20 });

describe('the playground', () => {
  it('shows a stream piece by piece after one click, with its events and measurements', async () => {
    await page.click('#send');
    const lengths = new Set<number>();
    while ((await text('state')) !== 'done') lengths.add(await lengthOfAnswer());
    expect(lengths.size).toBeGreaterThan(5);

    expect(await text('answer')).toContain('“What is a proxy?”');
    expect(await text('status')).toMatch(/^200/);
    expect(await text('first-text')).toMatch(/^\d+ ms$/);
    expect(Number(await text('rate'))).toBeGreaterThan(10);
    const events = await page.locator('#events li').allTextContents();
    expect(events[0]).toMatch(/^\d+ msdata: \{"content":"You"\}/);
    expect(events.at(-1)).toContain('data: [DONE]');
    expect(await page.locator('#error').isVisible()).toBe(false);
    if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
  });

  it.each(['/prod/chat', '/http/chat', '/stream/chat'])('sends the request to the front at %s', async (front) => {
    await page.selectOption('#front', front);
    await page.selectOption('#family', 'Nova');
    await page.click('#send');
    await stateIs('done');
    expect(await text('answer')).toContain('“What is a proxy?”');
    expect(playground.emulator.requests.at(-1)?.target?.modelId).toBe('amazon.nova-lite-v1:0');
  });

  it('shows the JSON of the model for a whole answer', async () => {
    await page.uncheck('#stream');
    await page.click('#send');
    await stateIs('done');
    expect(JSON.parse(await text('answer'))).toMatchObject({ type: 'message', stop_reason: 'end_turn' });
  });

  it('shows the text and then the error for a fault in the middle of a stream', async () => {
    await page.selectOption('#fault', 'end-inside-frame');
    await page.selectOption('#position', 'middle');
    expect(await text('curl')).toContain('"modelId": "emulator.end-inside-frame.middle"');
    await page.click('#send');
    await stateIs('error');
    expect(await lengthOfAnswer()).toBeGreaterThan(10);
    expect(JSON.parse(await text('error'))).toMatchObject({ error: { code: 'upstream_truncated', retryable: true } });
  });

  it('shows the status and the error for a fault before the answer', async () => {
    await page.selectOption('#fault', 'http-429');
    expect(await page.locator('#position').isDisabled()).toBe(true);
    await page.click('#send');
    await stateIs('error');
    expect(await text('status')).toMatch(/^429/);
    expect(JSON.parse(await text('error'))).toMatchObject({ error: { code: 'throttled' } });
  });

  it('shows the error for a wrong token', async () => {
    await page.fill('#token', 'another');
    await page.click('#send');
    await stateIs('error');
    expect(JSON.parse(await text('error'))).toMatchObject({ error: { code: 'invalid_token' } });
  });

  it.each(['/', '/prod/chat'])('asks in the API of OpenAI, and shows its events: %s', async (front) => {
    await page.selectOption('#front', front);
    await page.selectOption('#dialect', 'OpenAI, chat completions');
    expect(await text('curl')).toContain('/v1/chat/completions');
    await page.click('#send');
    await stateIs('done');
    expect(await text('answer')).toContain('“What is a proxy?”');
    expect((await page.locator('#events li').allTextContents()).at(-1)).toContain('data: [DONE]');
    expect(playground.emulator.requests.at(-1)?.target?.operation).toBe('converse-stream');
  });

  it('stops the model with the stop button', async () => {
    await page.selectOption('#fault', 'stall');
    await page.click('#send');
    await someText();
    await page.click('#stop');
    await stateIs('stopped');
    const request = playground.emulator.requests.at(-1);
    await request?.closed;
    expect(request?.aborted).toBe(true);
    expect(await lengthOfAnswer()).toBeGreaterThan(10);
  });

  it('works without a mouse', async () => {
    await page.selectOption('#fault', 'stall');
    await page.focus('#prompt');
    await page.keyboard.type(' Say it slowly.');
    await page.keyboard.press('Control+Enter');
    await someText();
    await page.keyboard.press('Escape');
    await stateIs('stopped');

    await page.focus('#send');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('stop');
    await page.keyboard.press('Enter');
    await stateIs('stopped');
    expect(await page.evaluate('document.activeElement.id')).toBe('send');

    await page.selectOption('#fault', '');
    const order: unknown[] = [];
    await page.focus('#front');
    for (let step = 0; step < 10; step += 1) {
      order.push(await page.evaluate('document.activeElement.id'));
      await page.keyboard.press('Tab');
    }
    expect(order).toEqual([
      'front',
      'dialect',
      'family',
      'model',
      'prompt',
      'token',
      'stream',
      'fault',
      'send',
      expect.any(String),
    ]);
  });

  it('labels every control, and keeps the token out of the page and its storage', async () => {
    const unnamed = await page.evaluate(
      "[...document.querySelectorAll('input, select, textarea')].filter((field) => !field.labels.length).map(({ id }) => id)",
    );
    expect(unnamed).toEqual([]);
    expect(await page.evaluate('document.body.innerText')).not.toContain(token);
    expect(await text('curl')).toContain('-H "authorization: Bearer $AUTH_TOKEN"');
    expect(await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]')).toEqual([0, 0, '']);
  });

  it('connects only to its own server', async () => {
    const blocked = await page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', ({ name }) => name)");
    expect(blocked).toBe('TypeError');
    expect(browserErrors.splice(0).join()).toContain('Content Security Policy');
  });
});
