import { fileURLToPath } from 'node:url';
import { type ErrorCode, errorKinds } from '@bedrock-proxy/core';
import { FakeInvoker } from '@bedrock-proxy/testing';
import { startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { readStreamedText, startLambdaSandbox } from '@bedrock-proxy/testing/lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAccount } from './read-account.ts';

const fields = new Set([
  ...[
    'event',
    'requestId',
    'principal',
    'sourceIp',
    'front',
    'dialect',
    'operation',
    'modelId',
    'stream',
    'status',
    'code',
    'terminal',
  ],
  ...['durationMs', 'firstTextMs', 'inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'stopReason'],
  ...['attempts', 'bytesOut'],
]);

const codes = Object.keys(errorKinds) as ErrorCode[];
const count = fc.option(fc.nat(1_000_000), { nil: undefined });
const marked = fc.string().map((text) => `<secret ${text}>`);

/** A model refuses the call, or sends some pieces and then ends, breaks off or fails. */
const behaviour = fc.record({
  pieces: fc.array(marked, { maxLength: 3 }),
  ending: fc.oneof(fc.constantFrom('end', 'cut', 'refuse'), fc.constantFrom(...codes)),
  code: fc.constantFrom(...codes),
  inputTokens: count,
  outputTokens: count,
});

const request = fc.record(
  {
    modelId: fc.oneof(
      fc.constantFrom('anthropic.claude-opus-5', `acme.${'x'.repeat(2_000)}`, 'arn:aws:bedrock:::imported-model/ü~"<'),
      fc.string(),
    ),
    stream: fc.oneof(fc.boolean(), fc.string()),
    prompt: marked,
    nested: fc.dictionary(fc.string(), marked, { maxKeys: 3 }),
  },
  { requiredKeys: ['prompt'] },
);

describe('the account of a request', () => {
  it('is one line with only the listed fields and no content, for any request and any ending', async () => {
    await fc.assert(
      fc.asyncProperty(behaviour, request, async ({ pieces, ending, code, inputTokens, outputTokens }, body) => {
        const fake = new FakeInvoker();
        if (ending === 'refuse') fake.failWith(code, { message: '<secret of a refusal>' });
        else {
          fake.reply((answer) => {
            answer.text(...pieces).usage({
              ...(inputTokens !== undefined && { inputTokens }),
              ...(outputTokens !== undefined && { outputTokens }),
            });
            if (ending === 'cut') answer.breakOff();
            else if (ending !== 'end') answer.failWith(ending);
          });
        }
        const { log } = await readAccount(fake, body);
        const lines = log.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
        const ends = lines.filter(({ event }) => event === 'request.end');
        expect(ends).toHaveLength(1);
        expect(Object.keys(ends[0] ?? {}).filter((field) => !fields.has(field))).toEqual([]);
        expect(JSON.stringify(ends)).not.toContain('<secret');
        expect(ends[0]).toMatchObject({
          requestId: 'request-1',
          status: expect.any(Number),
          terminal: expect.stringMatching(/^(?:done|error|none)$/),
          attempts: fake.calls.length,
        });
      }),
      { numRuns: 200 },
    );
  });

  it('has the token counts that a stream reported before it broke off', async () => {
    const fake = new FakeInvoker().reply((answer) => answer.text('Hi').usage({ inputTokens: 12 }).breakOff());
    const { record } = await readAccount(fake, { modelId: 'any.model', stream: true });
    expect(record).toMatchObject({ status: 200, code: 'upstream_truncated', terminal: 'error', inputTokens: 12 });
  });

  it.each([true, false])('has the same counts and the same stop reason, streamed: %s', async (stream) => {
    const usage = { inputTokens: 12, outputTokens: 34, cacheReadTokens: 56, cacheWriteTokens: 78 };
    const fake = new FakeInvoker().reply((answer) => answer.text('Hi').usage(usage).stopReason('length'));
    const { record } = await readAccount(fake, { modelId: 'any.model', stream });
    expect(record).toMatchObject({ ...usage, stopReason: 'max_tokens' });
  });
});

it('a deployed function with the JSON log format writes the line and then the metrics, both unchanged', async () => {
  await using cleanup = new AsyncDisposableStack();
  const bedrock = await startBedrockEmulator({ paceMs: 0 });
  cleanup.defer(() => bedrock.close());
  const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
  await using sandbox = await startLambdaSandbox({
    bundle: path('../../packages/lambda-adapter/dist/lambda'),
    resolveFrom: path('..'),
    env: {
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_LEVEL: 'INFO',
      AWS_LAMBDA_FUNCTION_NAME: 'my-proxy',
    },
  });
  const result = await sandbox.invoke({
    version: '2.0',
    rawPath: '/',
    headers: {},
    requestContext: {
      domainName: 'abc.lambda-url.us-east-1.on.aws',
      stage: '$default',
      http: { method: 'POST', sourceIp: '192.0.2.1' },
    },
    body: '{"modelId":"us.meta.llama3-3-70b-instruct-v1:0","stream":true,"prompt":"Hello","max_gen_len":90}',
    isBase64Encoded: false,
  });
  if (result.mode !== 'streamed') throw new Error('the answer is not streamed');
  expect(await readStreamedText(result)).toContain('[DONE]');
  await sandbox.log.waitFor('"_aws"');
  const [line, metrics] = sandbox.log.lines.slice(-2).map((text) => JSON.parse(text) as Record<string, unknown>);
  expect(line).toMatchObject({
    ...{ level: 'INFO', timestamp: expect.any(String), event: 'request.end', principal: 'anonymous', status: 200 },
    ...{ modelId: 'us.meta.llama3-3-70b-instruct-v1:0', terminal: 'done', stopReason: 'stop', inputTokens: 2 },
  });
  expect(metrics).toMatchObject({
    ...{ FunctionName: 'my-proxy', ModelFamily: 'meta', StatusClass: '2xx', Requests: 1, Errors: 0, InputTokens: 2 },
    OutputTokens: line?.outputTokens,
  });
});
