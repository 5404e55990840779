import { allowAnonymous, createProxy } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { serve } from '@bedrock-proxy/core/http';
import { type BedrockEmulator, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { calls } from './calls.ts';
import { bodyFor, waysAround } from './ways-around.ts';

let emulator: BedrockEmulator;
beforeAll(async () => {
  emulator = await startBedrockEmulator({ paceMs: 0, remember: 5 });
});
afterAll(() => emulator.close());

const logger = { info() {}, warn() {}, error() {} };
const guardrail = { id: 'pinned1', version: '7' };
const clientMaySet = ['guardrail', 'trace', 'service-tier', 'latency', 'metadata'] as const;

/** Sends a request under a pinned guardrail, by a caller who may set everything that can be left to callers. */
async function send(path: string, headers: Readonly<Record<string, readonly string[]>>, body: string): Promise<void> {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const invoker = createBedrockInvoker({ region: 'us-east-1', endpoint: emulator.url, credentials, maxAttempts: 1 });
  const proxy = createProxy({ invoker, access: allowAnonymous(), logger, callOptions: { guardrail }, clientMaySet });
  const answer = await serve(proxy, {
    ...{ front: 'test', requestId: 'r', method: 'POST', path, headers, body },
    signal: new AbortController().signal,
  });
  if (typeof answer.body !== 'string' && !(answer.body instanceof Uint8Array)) for await (const _ of answer.body);
  await answer.close({ bytesOut: 0 });
}

const prefix = 'x-amzn-bedrock-';
const headerNames = ['guardrailidentifier', 'guardrailversion', 'trace', 'guardrail', 'accept', 'service-tier', 'x'];
const anyHeaders = fc.dictionary(
  fc.constantFrom(...headerNames.map((name) => prefix + name), 'x-other'),
  fc.array(fc.constantFrom('weak', '1', 'ENABLED', 'flex', ''), { minLength: 1, maxLength: 2 }),
  { maxKeys: 2 },
);

/** A key, with some of its characters escaped. */
const anyKey = fc
  .tuple(
    fc.constantFrom(
      ...['amazon-bedrock-guardrailConfig', 'amazon-bedrock-trace', 'guardrailConfig', 'additionalModelRequestFields'],
      ...['messages', 'system', 'top_p', 'guardContent'],
    ),
    fc.array(fc.boolean(), { maxLength: 40 }),
  )
  .map(([key, escapes]) => {
    const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return `"${[...key].map((character, index) => (escapes[index] ? escaped(character) : character)).join('')}"`;
  });
const anyValue: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('1', 'null', '"guardContent"', '"tagSuffix"', '{"tagSuffix":"x"}', '[{"text":"Hi"}]', '{}'),
    fc.array(fc.tuple(anyKey, tie('value')), { maxLength: 2 }).map(objectOf),
    fc.array(tie('value'), { maxLength: 2 }).map((items) => `[${items.join(' , ')}]`),
  ),
})).value;
const anyMembers = fc.array(fc.tuple(anyKey, anyValue), { maxLength: 3 });

function objectOf(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([key, value]) => `${key} : ${value}`).join(',')}}`;
}

/** A top-level key of the payload is Bedrock's, or any key of a Converse body narrows the guardrail. */
function assertClean(operation: string, headers: object, body: Record<string, unknown>): void {
  const own = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  const settings = Object.fromEntries(own.filter(([name]) => /guardrail|trace|x$/.test(name)));
  const { guardrailConfig, ...rest } = body;
  expect(Object.keys(rest).filter((key) => key.startsWith('amazon-bedrock-'))).toEqual([]);
  if (operation.startsWith('converse')) {
    expect(settings).toEqual({});
    expect(guardrailConfig).toEqual({ guardrailIdentifier: 'pinned1', guardrailVersion: '7' });
    const { messages, system, additionalModelRequestFields: fields = {} } = rest;
    expect(JSON.stringify([messages, system])).not.toContain('"guardContent":');
    expect(Object.keys(fields ?? {}).filter((key) => key.startsWith('amazon-bedrock-'))).toEqual([]);
  } else if (operation !== 'count-tokens') {
    expect(settings).toEqual({ [`${prefix}guardrailidentifier`]: 'pinned1', [`${prefix}guardrailversion`]: '7' });
  }
}

it('whatever headers and payload a client sends, Bedrock gets the pinned guardrail and nothing else of one', async () => {
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...calls),
      fc.option(fc.constantFrom(...waysAround), { freq: 2 }),
      anyHeaders,
      anyMembers,
      async (call, way, headers, members) => {
        const extra = objectOf(members).slice(1, -1);
        const body = bodyFor(call, { name: '', ...way, ...(extra !== '' && { last: extra }) });
        const ofWay = Object.entries(way?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), [value]]);
        const before = emulator.requests.at(-1)?.index;
        await send(call.path, { ...headers, ...Object.fromEntries(ofWay) }, body);
        const request = emulator.requests.at(-1);
        if (!request || request.index === before) return;
        sent += 1;
        assertClean(request.target?.operation ?? '', request.headers, request.json() as Record<string, unknown>);
      },
    ),
    { numRuns: 600 },
  );
  expect(sent).toBeGreaterThan(30);
});
