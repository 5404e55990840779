import { type BedrockEmulator, type EmulatorRequest, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionUrl, httpApi, restApi, restApiStream } from '../conformance/lambda-fronts.ts';
import { type Call, calls } from './calls.ts';
import { bodyFor, type WayAround, waysAround } from './ways-around.ts';

const everything = 'guardrail,trace,service-tier,latency,metadata';
const tokens = {
  pinned: 'a-token-under-the-guardrail',
  ownGuardrail: 'a-token-with-its-own-guardrail',
  exempt: 'a-token-that-is-exempt',
};
const records = [
  { id: 'pinned', token: tokens.pinned },
  { id: 'own', token: tokens.ownGuardrail, guardrail: 'own123:5' },
  { id: 'exempt', token: tokens.exempt, guardrail: false },
];
const environment = { AUTH_TOKENS: JSON.stringify(records), GUARDRAIL: 'general1:3', BEDROCK_MAX_ATTEMPTS: '1' };

let emulator: BedrockEmulator;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0, remember: 10 });
});
afterAll(() => emulator.close());

async function send(url: string, token: string, call: Call, way: WayAround = { name: 'none' }) {
  const response = await fetch(url + call.path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...way.headers },
    body: bodyFor(call, way),
  });
  return { status: response.status, text: await response.text() };
}

/** What must be refused. */
const waysFor = (call: Call, is: { readonly pinned: boolean; readonly mayAll: boolean }) =>
  waysAround.filter(({ isPossible, onlyPinned, option }) => {
    if (isPossible?.(call) === false || (onlyPinned && !is.pinned)) return false;
    const isOfGuardrail = option === 'guardrail' || option === 'trace';
    return !is.mayAll || option === undefined || (is.pinned && isOfGuardrail);
  });

const cases = [
  { mayAll: false, pinned: true, token: tokens.pinned },
  { mayAll: false, pinned: false, token: tokens.exempt },
  { mayAll: true, pinned: true, token: tokens.ownGuardrail },
  { mayAll: true, pinned: false, token: tokens.exempt },
] as const;

describe.each([functionUrl(), restApiStream(), restApi(), httpApi()])('at $front', ({ start }) => {
  let strict: Awaited<ReturnType<typeof start>>;
  let lenient: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    const env = { ...environment, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: emulator.url };
    [strict, lenient] = await Promise.all([start(env), start({ ...env, CLIENT_OPTIONS: everything })]);
  });
  afterAll(() => Promise.all([strict.stop(), lenient.stop()]));

  describe.each(calls)('$name', (call) => {
    it.each(cases)(
      'has no way around, with pinned: $pinned and rights to all: $mayAll',
      { timeout: 30_000 },
      async ({ token, ...is }) => {
        const { url } = is.mayAll ? lenient : strict;
        const ways = waysFor(call, is);
        const before = emulator.requests.at(-1)?.index;
        for (const way of ways) {
          const { status, text } = await send(url, token, call, way);
          expect(`${way.name}: ${status}`).toBe(`${way.name}: 400`);
          expect(text).toMatch(/Leave this (?:header )?out|Send x-amzn-bedrock-guardrail/);
          expect(text).not.toMatch(/general1|own123/);
        }
        expect(emulator.requests.at(-1)?.index).toBe(before);
        expect(ways.length).toBeGreaterThan(0);
      },
    );

    it('has the guardrail of its caller, whole and alone', async () => {
      const expected = { pinned: 'general1:3', ownGuardrail: 'own123:5', exempt: undefined };
      for (const [who, guardrail] of Object.entries(expected)) {
        const { status } = await send(strict.url, tokens[who as keyof typeof tokens], call);
        expect(status).toBe(200);
        expect(guardrailOf(emulator.requests.at(-1))).toEqual(
          call.operation === 'count-tokens' ? undefined : guardrail,
        );
      }
    });
  });
});

/** The guardrail of a request to Bedrock. Throws if the request says anything else about one. */
function guardrailOf(request: EmulatorRequest | undefined): string | undefined {
  if (!request?.target) throw new Error('Bedrock was not asked.');
  const { headers, target } = request;
  const { guardrailConfig, ...body } = request.json() as { guardrailConfig?: Record<string, string> };
  expect(JSON.stringify(body)).not.toMatch(/guardrail|tagSuffix|amazon-bedrock/);
  const own = Object.keys(headers).filter((name) => /^x-amzn-bedrock-(?!accept$)/.test(name));
  if (target.operation.startsWith('converse')) {
    expect(own).toEqual([]);
    if (guardrailConfig === undefined) return undefined;
    const { guardrailIdentifier, guardrailVersion, ...others } = guardrailConfig;
    expect(others).toEqual({});
    return `${guardrailIdentifier}:${guardrailVersion}`;
  }
  expect(guardrailConfig).toBeUndefined();
  if (own.length === 0) return undefined;
  expect(own.toSorted()).toEqual(['x-amzn-bedrock-guardrailidentifier', 'x-amzn-bedrock-guardrailversion']);
  return `${headers['x-amzn-bedrock-guardrailidentifier']}:${headers['x-amzn-bedrock-guardrailversion']}`;
}
