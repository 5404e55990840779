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

/** The picture of the README: an answer whose API reports its counts. */
async function takeScreenshot(path: string) {
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.selectOption('#dialect', 'OpenAI, chat completions');
  await page.click('#send');
  await stateIs('done');
  await page.evaluate("document.getElementById('request').scrollTop = 0");
  await page.screenshot({ path });
}

describe('the playground', () => {
  it('shows a stream piece by piece after one click, with its events and measurements', async () => {
    await page.click('#send');
    const lengths = new Set<number>();
    while ((await text('state')) !== 'done') lengths.add(await lengthOfAnswer());
    expect(lengths.size).toBeGreaterThan(5);

    expect(await text('answer')).toContain('“What is a proxy?”');
    expect(await text('backend')).toBe('Emulated Bedrock: no AWS account, no cost.');
    expect(await text('status')).toMatch(/^200/);
    expect(await text('first-text')).toMatch(/^\d+ ms$/);
    expect(Number(await text('rate'))).toBeGreaterThan(10);
    const events = await page.locator('#events li').allTextContents();
    expect(events[0]).toMatch(/^\d+ msdata: \{"content":"You"\}/);
    expect(events.at(-1)).toContain('data: [DONE]');
    expect(await page.locator('#error').isVisible()).toBe(false);
    expect(await text('no-counts')).toContain('A stream of this API holds only text.');
    expect(await page.locator('#no-counts').isVisible()).toBe(true);
    if (process.env.SCREENSHOT) await takeScreenshot(process.env.SCREENSHOT);
  });

  it.each(['/prod/chat', '/http/chat', '/stream/chat'])('sends the request to the front at %s', async (front) => {
    await page.selectOption('#front', front);
    await page.selectOption('#family', 'Nova');
    await page.click('#send');
    await stateIs('done');
    expect(await text('answer')).toContain('“What is a proxy?”');
    expect(playground.emulator.requests.at(-1)?.target?.modelId).toBe('global.amazon.nova-2-lite-v1:0');
  });

  it('shows the text, the counts, the stop reason and the price of a whole answer, and its JSON as an event', async () => {
    await page.uncheck('#stream');
    await page.click('#send');
    await stateIs('done');
    expect(await text('answer')).toMatch(/^You sent/);
    expect((await page.locator('#events li').allTextContents()).join()).toContain('"stopReason":"end_turn"');
    expect(await text('usage')).toMatch(/^\d+ \/ \d+$/);
    expect(await text('stop-reason')).toBe('end_turn');
    expect(await text('cost')).toMatch(/^\$0\.000\d+$/);
  });

  it.each(['OpenAI, chat completions', 'Anthropic, messages', 'Bedrock, Converse'])(
    'shows the counts and the stop reason of a stream: %s',
    async (dialect) => {
      await page.selectOption('#dialect', dialect);
      await page.selectOption('#family', 'Claude');
      await page.click('#send');
      await stateIs('done');
      expect(await text('usage')).toMatch(/^\d+ \/ \d+$/);
      expect(await text('stop-reason')).toMatch(/^(?:stop|end_turn)$/);
      expect(await text('cost')).toMatch(/^\$/);
      expect(await page.locator('#no-counts').isVisible()).toBe(false);
    },
  );

  it('sends earlier turns, the system prompt and the limits, until a new conversation begins', async () => {
    await page.click('#send');
    await stateIs('done');
    const first = await text('answer');
    await page.fill('#prompt', 'And a reverse proxy?');
    await page.fill('#system', 'Be brief.');
    await page.fill('#max-tokens', '30');
    await page.fill('#temperature', '0.5');
    await page.click('#send');
    await stateIs('done');
    expect(await page.locator('#turns li').allTextContents()).toEqual([
      'What is a proxy?',
      first,
      'And a reverse proxy?',
    ]);
    const sent = JSON.parse(String(playground.emulator.requests.at(-1)?.body));
    expect(sent).toMatchObject({
      system: [{ text: 'Be brief.' }],
      inferenceConfig: { maxTokens: 30, temperature: 0.5 },
    });
    expect(sent.messages).toHaveLength(3);
    await page.click('#restart');
    expect(await page.locator('#turns li').count()).toBe(0);
    expect(await text('curl')).not.toContain(first.slice(0, 20));
  });

  it('does not send an answer that failed as a turn', async () => {
    await page.selectOption('#fault', 'stall');
    await page.click('#send');
    await someText();
    await page.click('#stop');
    await stateIs('stopped');
    expect(await page.locator('#restart').isVisible()).toBe(false);
    expect(await text('curl')).not.toContain('You sent');
  });

  it('sends the JSON that the user wrote', async () => {
    await page.check('#edit-raw');
    const body = JSON.parse(await page.inputValue('#raw'));
    await page.fill('#raw', JSON.stringify({ ...body, messages: [{ role: 'user', content: [{ text: 'By hand?' }] }] }));
    await page.click('#send');
    await stateIs('done');
    expect(await text('answer')).toContain('“By hand?”');
    await page.fill('#raw', '{"modelId":');
    await page.click('#send');
    await stateIs('error');
    expect(await text('error-details')).toMatch(/^invalid_json · request \S+$/);
  });

  it('shows the text and then the error for a fault in the middle of a stream', async () => {
    await page.selectOption('#fault', 'end-inside-frame');
    await page.selectOption('#position', 'middle');
    expect(await text('curl')).toContain('"modelId": "emulator.end-inside-frame.middle"');
    expect(await text('expected')).toBe(
      'The client should see the text so far, then an error with the code upstream_truncated, and no end mark.',
    );
    await page.click('#send');
    await stateIs('error');
    expect(await lengthOfAnswer()).toBeGreaterThan(10);
    expect(await text('error-message')).toMatch(/^[A-Z][^{}]+\.$/);
    expect(await text('error-details')).toMatch(/^upstream_truncated · request \S+$/);
  });

  it('shows the status and the error for a fault before the answer', async () => {
    await page.selectOption('#fault', 'http-429');
    expect(await page.locator('#position').isDisabled()).toBe(true);
    await page.click('#send');
    await stateIs('error');
    expect(await text('status')).toMatch(/^429/);
    expect(await text('error-details')).toMatch(/^throttled · request \S+$/);
  });

  it('shows the error for a wrong token', async () => {
    await page.fill('#token', 'another');
    await page.click('#send');
    await stateIs('error');
    expect(await text('error-details')).toMatch(/^invalid_token · request \S+$/);
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
    await page.click('#restart').catch(() => {});
    await page.focus('#prompt');
    for (let step = 0; step < 16; step += 1) {
      order.push(await page.evaluate('document.activeElement.id'));
      await page.keyboard.press('Tab');
    }
    expect(order).toEqual([
      'prompt',
      'send',
      '',
      'front',
      'dialect',
      'family',
      'model',
      'system',
      'max-tokens',
      'temperature',
      'token',
      'show-token',
      'stream',
      'edit-raw',
      'fault',
      'copy',
    ]);
  });

  it('labels every control, and keeps the token out of the page, in the tab alone', async () => {
    const unnamed = await page.evaluate(
      "[...document.querySelectorAll('input, select, textarea')].filter((field) => !field.labels.length).map(({ id }) => id)",
    );
    expect(unnamed).toEqual([]);
    expect(await page.evaluate('document.body.innerText')).not.toContain(token);
    expect(await text('curl')).toContain('-H "authorization: Bearer $AUTH_TOKEN"');
    expect(await page.evaluate('[localStorage.length, sessionStorage.token, document.cookie]')).toEqual([0, token, '']);
    await page.reload();
    await page.locator('#fault option').nth(1).waitFor({ state: 'attached' });
    expect(await page.inputValue('#token')).toBe(token);
    expect(await page.getAttribute('#token', 'type')).toBe('password');
    await page.click('#show-token');
    expect(await page.getAttribute('#token', 'type')).toBe('text');
  });

  it('shows the answer on the first screen of a phone, with fields that do not make it zoom', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    await page.locator('#fault option').nth(1).waitFor({ state: 'attached' });
    await page.click('#send');
    await someText();
    const box = await page.locator('#answer').boundingBox();
    expect(box?.y).toBeLessThan(700);
    const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    expect(wide).toBe(false);
    await stateIs('done');
    if (process.env.SCREENSHOT) await page.screenshot({ path: `${process.env.SCREENSHOT}.phone.png` });
    const sizes = await page.evaluate(
      "[...document.querySelectorAll('input:not([type=checkbox]), select, textarea')].map((field) => getComputedStyle(field).fontSize)",
    );
    expect(new Set(sizes as string[])).toEqual(new Set(['16px']));
  });

  it('has readable colours in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.selectOption('#fault', 'http-403');
    await page.click('#send');
    await stateIs('error');
    if (process.env.SCREENSHOT) await page.screenshot({ path: `${process.env.SCREENSHOT}.dark.png` });
    const brightness = async (id: string, property: string) => {
      const colour = await page.evaluate(`getComputedStyle(document.querySelector('${id}'))['${property}']`);
      const [red = 0, green = 0, blue = 0] = (String(colour).match(/\d+/g) ?? []).map(Number);
      return (red + green + blue) / 3;
    };
    expect(await brightness('html', 'background-color')).toBeLessThan(60);
    for (const id of ['#state', '#error-message', '#prompt'])
      expect(await brightness(id, 'color'), id).toBeGreaterThan(140);
  });

  it('connects only to its own server', async () => {
    const blocked = await page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', ({ name }) => name)");
    expect(blocked).toBe('TypeError');
    expect(browserErrors.splice(0).join()).toContain('Content Security Policy');
  });
});
