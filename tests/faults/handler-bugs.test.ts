import { createApiGatewayHandler, createApiGatewayStreamHandler } from '@bedrock-proxy/apigw-adapter';
import {
  allowAnonymous,
  createProxy,
  type ModelInvoker,
  type ModelStream,
  type RequestRecord,
} from '@bedrock-proxy/core';
import { createFunctionUrlHandler } from '@bedrock-proxy/lambda-adapter';
import { createInProcessRuntime } from '@bedrock-proxy/testing/lambda';
import { expect, it } from 'vitest';
import { readOutcome } from './read-outcome.ts';
import { eventOf, type FrontName, frontNames, isStreaming } from './start-front.ts';

const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } };
const bug = () => new TypeError('canary: cannot read properties of undefined');

function invokerThat(stream: ModelInvoker['stream']): ModelInvoker {
  return { invoke: () => Promise.reject(bug()), stream };
}

const accepted = (batches: ModelStream['batches']) => ({
  contentType: 'application/json',
  meta: { attempts: 1 },
  batches,
});

const bugs: readonly (readonly [name: string, invoker: ModelInvoker, text: string])[] = [
  [
    'a throw in the call',
    invokerThat(() => {
      throw bug();
    }),
    '',
  ],
  [
    'a rejection of the call',
    invokerThat(async () => {
      throw bug();
    }),
    '',
  ],
  [
    'a throw before the first event',
    invokerThat(async () => accepted({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(bug()) }) })),
    '',
  ],
  [
    'a throw in the middle of the stream',
    invokerThat(async () =>
      accepted(
        (async function* batches() {
          yield { chunks: [{ bytes: Buffer.from(JSON.stringify(delta)) }] };
          throw bug();
        })(),
      ),
    ),
    'Hel',
  ],
  ['a stream without batches', invokerThat(async () => accepted(undefined as unknown as AsyncIterable<never>)), ''],
  [
    'an undefined answer',
    invokerThat(async () => undefined as unknown as Awaited<ReturnType<ModelInvoker['stream']>>),
    '',
  ],
];

const cases = frontNames.flatMap((front) => bugs.map(([name, invoker, text]) => ({ front, name, invoker, text })));

it.each(cases)('$front reports $name as internal, without its details', async ({ front, invoker, text }) => {
  const lines: string[] = [];
  const records: RequestRecord[] = [];
  const log = (fields: object) => lines.push(JSON.stringify(fields));
  const proxy = createProxy({
    invoker,
    access: allowAnonymous(),
    logger: { info: log, warn: log, error: log },
    onRequestEnd: (record) => {
      records.push(record);
    },
  });
  const runtime = createInProcessRuntime();
  const functions: Readonly<Record<FrontName, ReturnType<typeof runtime.run>>> = {
    'function-url': runtime.run(createFunctionUrlHandler(proxy)),
    'rest-stream': runtime.run(createApiGatewayStreamHandler(proxy)),
    rest: runtime.run(createApiGatewayHandler(proxy)),
    http: runtime.run(createApiGatewayHandler(proxy)),
  };
  const outcome = await readOutcome(await functions[front](eventOf(front, 'anthropic.claude-sonnet-4-6')));
  expect(outcome).toMatchObject({ terminals: ['internal'], text });
  expect(outcome.status).toBe(isStreaming(front) && text !== '' ? 200 : 500);
  expect(outcome.body).not.toContain('canary');
  // A front that streams ends the request after its last byte.
  await expect.poll(() => records).toMatchObject([{ code: 'internal', terminal: 'error', status: outcome.status }]);
  expect(lines.filter((line) => line.includes('"request.end"'))).toHaveLength(1);
  expect(lines.join('\n')).toMatch(/"TypeError"/);
});
