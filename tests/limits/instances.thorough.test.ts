import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { nodes } from '../conformance/bundles.ts';
import { type Dynalite, startDynalite } from './start-dynalite.ts';
import { startBedrock, startInstance, token } from './start-instance.ts';

let dynalite: Dynalite;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite[Symbol.asyncDispose]());

const codeOf = async (answer: Response) =>
  answer.ok ? 'ok' : (JSON.parse(await answer.text()) as ErrorBody).error.code;

interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string };
}

describe.each(Object.entries(nodes))('four instances at once on Node %s', (_version, node) => {
  async function startFour(limits: object, more: Readonly<Record<string, string>> = {}, paceMs = 0) {
    const table = await dynalite.createTable();
    const bedrock = await startBedrock(paceMs);
    const environment = {
      ...{ ...bedrock.environment, AWS_ENDPOINT_URL_DYNAMODB: dynalite.url },
      ...{ LIMITS_TABLE: table, LIMITS: JSON.stringify(limits), LIMITS_TIMEOUT_MS: '20000', ...more },
    };
    const instances = await Promise.all([1, 2, 3, 4].map(() => startInstance(environment, node)));
    onTestFinished(async () => {
      for (const instance of instances) await instance[Symbol.asyncDispose]();
      await bedrock[Symbol.asyncDispose]();
    });
    return {
      instances,
      counters: async () => Object.values(await dynalite.items(table))[0] ?? {},
      ends: () => instances.flatMap(({ events }) => events('request.end')),
    };
  }

  it('admit no more requests a minute than the limit', async () => {
    const { instances } = await startFour({ everyone: { requestsPerMinute: 10 } });
    const began = Date.now();
    const answers = await Promise.all(instances.flatMap(({ ask }) => Array.from({ length: 4 }, () => ask())));
    const codes = await Promise.all(answers.map(codeOf));
    const admitted = codes.filter((code) => code === 'ok').length;
    expect(admitted).toBeGreaterThanOrEqual(10);
    expect(admitted).toBeLessThanOrEqual(10 * (1 + (Date.now() - began) / 60_000));
    expect(new Set(codes)).toEqual(new Set(['ok', 'rate_limited']));
  });

  it('hold no more calls at once than the limit, and give every slot back', async () => {
    const { instances, counters } = await startFour({ each: { concurrent: 2 } }, {}, 40);
    const codes = await Promise.all(instances.map(async ({ ask }) => codeOf(await ask())));
    expect(codes.sort()).toEqual(['ok', 'ok', 'rate_limited', 'rate_limited']);
    // A stream and a log end after the client has its answer.
    await expect.poll(async () => (await counters())['n']).toBe(0);
  });

  it('spend no more than the budget, and book what their logs say', async () => {
    const { instances, counters, ends } = await startFour({ everyone: { usdPerDay: 0.005, tokensPerDay: 100_000 } });
    let codes: string[] = [];
    for (let round = 0; round < 20 && !codes.includes('budget_exceeded'); round++) {
      codes = await Promise.all(instances.map(async ({ ask }) => codeOf(await ask())));
    }
    expect(codes).toContain('budget_exceeded');
    await expect.poll(() => ends().some(({ code }) => code === 'budget_exceeded')).toBe(true);
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    const books = await counters();
    const sum = (field: string) => ends().reduce((total, line) => total + Number(line[field] ?? 0), 0);
    expect((books[`D${day}`] ?? 0) / 1e9).toBeCloseTo(sum('costUsd'), 9);
    expect(sum('costUsd')).toBeLessThanOrEqual(0.005);
    expect(sum('costUsd')).toBeGreaterThan(0.004);
    expect(books[`d${day}`]).toBe(sum('inputTokens') + sum('outputTokens'));
    expect(Object.entries(books).filter(([name, count]) => /^[ehH]/.test(name) && count !== 0)).toEqual([]);
    expect(ends().some((line) => line['limit'] === 'everyone.usdPerDay')).toBe(true);
  });

  it('know when the hold of a killed instance is dead: within two minutes of its deadline', async () => {
    const { instances, counters } = await startFour({ each: { concurrent: 4 } }, {}, 60_000);
    const [victim] = instances;
    const asking = victim?.ask({ stream: true }).catch(() => undefined);
    await expect.poll(async () => (await counters())['n'], { timeout: 10_000 }).toBe(1);
    const [hold = ''] = Object.keys(await counters()).filter((name) => name.startsWith('e'));
    const seconds = Number(hold.slice(1)) * 60 - Date.now() / 1_000;
    // The sandbox gives an invocation a deadline of 15 minutes at most.
    expect(seconds).toBeGreaterThan(60);
    expect(seconds).toBeLessThanOrEqual(15 * 60 + 120);
    await victim?.[Symbol.asyncDispose]().then(undefined, () => {});
    await asking;
  });
});

describe('an instance whose table', () => {
  async function startTable(listener: RequestListener) {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(String(request.headers['x-amz-target']));
      listener(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
  }

  async function start(url: string, environment: Readonly<Record<string, string>> = {}) {
    const bedrock = await startBedrock();
    const instance = await startInstance({
      ...{ ...bedrock.environment, AWS_ENDPOINT_URL_DYNAMODB: url, LIMITS_TABLE: 'limits' },
      ...{ LIMITS: '{"each":{"concurrent":5}}', LIMITS_TIMEOUT_MS: '300', ...environment },
    });
    onTestFinished(async () => {
      await instance[Symbol.asyncDispose]();
      await bedrock[Symbol.asyncDispose]();
    });
    return instance;
  }

  const refusing =
    (status: number, type: string): RequestListener =>
    (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}` }));
    };
  const ignoring: RequestListener = () => {};
  const cutting: RequestListener = ({ socket }) => void socket.destroy();
  const closed = 'http://127.0.0.1:9';

  it.each([
    ['is down', undefined, 0, 200],
    ['is slow', ignoring, 1, 200],
    ['throttles', refusing(400, 'ThrottlingException'), 2, 200],
    ['denies', refusing(400, 'AccessDeniedException'), 1, 503],
    ['is gone', refusing(400, 'ResourceNotFoundException'), 1, 503],
    ['fails', refusing(500, 'InternalServerError'), 1, 200],
    ['loses its answer', cutting, 1, 200],
  ] as const)('%s refuses calls, or lets them in if it is open', async (_name, listener, times, open) => {
    const table = listener ? await startTable(listener) : { url: closed, requests: [] };
    for (const [mode, status] of [
      ['closed', 503],
      ['open', open],
    ] as const) {
      table.requests.length = 0;
      const instance = await start(table.url, { LIMITS_ON_FAILURE: mode });
      const answer = await instance.ask();
      expect([mode, answer.status]).toEqual([mode, status]);
      expect(table.requests).toEqual(Array.from({ length: times }, () => 'DynamoDB_20120810.UpdateItem'));
      if (status === 503) {
        expect(await codeOf(answer)).toBe('limits_unavailable');
        expect(answer.headers.get('retry-after')).toBe('5');
        await expect.poll(() => instance.events('request.error').length).toBe(1);
      } else await expect.poll(() => instance.events('limits.open').length).toBe(1);
    }
  });

  it.each([
    ['is slow', ignoring],
    ['fails', refusing(500, 'InternalServerError')],
    ['loses its answer', cutting],
  ] as const)('%s at the end of a call still answers it, and logs what was not booked', async (_name, listener) => {
    let updates = 0;
    const table = await startTable((request, response) => {
      if (++updates > 1) listener(request, response);
      else response.end(JSON.stringify({ Attributes: { n: { N: '1' } } }));
    });
    const instance = await start(table.url);
    expect((await instance.ask()).status).toBe(200);
    await expect.poll(() => instance.events('limits.settle_failed').length).toBe(1);
    expect(table.requests).toHaveLength(2);
  });

  it('refuses with its counters makes the right wait and the right code of them', async () => {
    const minute = Math.floor(Date.now() / 60_000);
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    const found =
      (counters: Record<string, number>): RequestListener =>
      (_request, response) => {
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
        const Item = Object.fromEntries(Object.entries(counters).map(([name, count]) => [name, { N: String(count) }]));
        const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
        response.end(JSON.stringify({ __type, Item: { k: { S: 'k' }, x: { N: '9' }, ...Item } }));
      };
    const held = `h${day}.${minute + 9}`;
    for (const [counters, code, retryAfter] of [
      [{ n: 5 }, 'rate_limited', '1'],
      [{ n: 1, [`d${day}`]: 100_000 }, 'budget_exceeded', null],
      [{ n: 1, [`d${day}`]: 100_000, [held]: 90_000 }, 'rate_limited', '5'],
    ] as const) {
      const table = await startTable(found(counters));
      const instance = await start(table.url, { LIMITS: '{"each":{"concurrent":5,"tokensPerDay":100000}}' });
      const answer = await instance.ask();
      expect([await codeOf(answer), answer.headers.get('retry-after')]).toEqual([code, retryAfter]);
      expect(table.requests).toHaveLength(1);
    }
  });

  it('is not asked without a rule, nor before the caller is known', async () => {
    const table = await startTable(refusing(500, 'InternalServerError'));
    const free = await start(table.url, { LIMITS: '{}' });
    expect((await free.ask()).status).toBe(200);
    const limited = await start(table.url);
    const stranger = await fetch(limited.url, {
      method: 'POST',
      headers: { authorization: 'Bearer someone-else' },
      body: '{}',
    });
    expect(stranger.status).toBe(401);
    const malformed = await fetch(limited.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: '{',
    });
    expect(malformed.status).toBe(400);
    expect(table.requests).toEqual([]);
  });
});
