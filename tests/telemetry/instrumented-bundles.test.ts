import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BedrockEmulator, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { readStreamedText, startLambdaSandbox } from '@bedrock-proxy/testing/lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundles } from '../conformance/bundles.ts';
import { eventOf } from '../faults/start-front.ts';

const layer = fileURLToPath(new URL('fixtures/layer.mjs', import.meta.url));
const resolveFrom = fileURLToPath(new URL('..', import.meta.url));
const claude = 'anthropic.claude-sonnet-4-6';

const folder = mkdtempSync(join(tmpdir(), 'spans-'));
let bedrock: BedrockEmulator;
beforeAll(async () => {
  bedrock = await startBedrockEmulator({ paceMs: 0 });
});
afterAll(async () => {
  await bedrock.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Span {
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly spanId: string;
  readonly traceId: string;
  readonly parentSpanId?: string;
}

let runs = 0;

/** Invokes a bundle under the layer, and returns its answer and its spans. */
async function invoke(bundle: keyof typeof bundles, event: object, env: Readonly<Record<string, string>> = {}) {
  const file = join(folder, `spans-${runs++}.jsonl`);
  await using sandbox = await startLambdaSandbox({
    bundle: bundles[bundle],
    resolveFrom,
    env: {
      NODE_OPTIONS: `--import ${layer}`,
      SPANS_FILE: file,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
      GUARDRAIL: 'abc123:1',
      ...env,
    },
  });
  const result = await sandbox.invoke(event);
  const text = result.mode === 'streamed' ? await readStreamedText(result) : JSON.stringify(result);
  // The next invocation begins once this one is over: its handler ends after its answer.
  await sandbox.invoke(event);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const [first, ...others] = lines.map((line): Span => JSON.parse(line));
  const spans = first ? [first, ...others.filter(({ traceId }) => traceId === first.traceId)] : [];
  return { result, text, spans };
}

const cases = [
  ['function-url', 'function-url', true],
  ['api-gateway-stream', 'rest-stream', true],
  ['api-gateway', 'rest', true],
  ['api-gateway', 'http', false],
] as const;

describe.each(cases)('%s with the Lambda instrumentation of OpenTelemetry, as %s', (bundle, front, stream) => {
  it('answers as without it, and its span is a child of the invocation', { timeout: 30_000 }, async () => {
    const { result, text, spans } = await invoke(bundle, eventOf(front, claude, stream));
    if (result.mode === 'streamed') {
      expect(result.prelude).toMatchObject({ statusCode: 200 });
      expect(text).toMatch(/^data: \{"content":[\s\S]*data: \[DONE\]\n\n$/);
    } else {
      expect(result.payload).toMatchObject({ statusCode: 200 });
    }
    const [call, invocation] = spans;
    expect(spans).toHaveLength(2);
    expect(invocation).toMatchObject({ name: 'function', kind: 1 });
    expect(call).toMatchObject({
      name: `chat ${claude}`,
      kind: 2,
      traceId: invocation?.traceId,
      parentSpanId: invocation?.spanId,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'server.address': '127.0.0.1',
        'server.port': bedrock.port,
        'aws.bedrock.guardrail.id': 'abc123',
        'gen_ai.usage.output_tokens': expect.any(Number),
      },
    });
  });
});

it('has no span if OTEL_SDK_DISABLED says so', { timeout: 30_000 }, async () => {
  const { spans } = await invoke('function-url', eventOf('function-url', claude), { OTEL_SDK_DISABLED: 'true' });
  expect(spans.map(({ name }) => name)).toEqual(['function']);
});
