import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { invokeModel, type ModelEvent, streamModel } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import {
  answerReply,
  type BedrockEmulator,
  encodeChunkFrame,
  encodeEventStreamFrame,
  encodeExceptionFrame,
  startBedrockEmulator,
  streamReply,
} from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAccount, textOfEvents } from './read-account.ts';

interface Sample {
  readonly modelId: string;
  readonly response: object | null;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly chunks: readonly unknown[];
  readonly wire?: string;
  readonly rawBase64?: string;
  readonly expected: {
    readonly text: string;
    readonly stopReason: string | null;
    readonly inputTokens: number | null;
    readonly outputTokens: number | null;
    /** The model's own count, if it differs from that of Bedrock. The larger one holds. */
    readonly nativeOutputTokens?: number;
    readonly cacheReadInputTokens?: number;
    readonly cacheWriteInputTokens?: number;
    readonly reasoning?: string;
    readonly toolCalls?: readonly object[];
    readonly guardrailAction?: string;
    readonly error?: unknown;
    readonly unknownShape?: boolean;
  };
}

/** A folder of recorded and composed answers. Each JSON file has the chunks, the whole response and the expected result. */
const folder = process.env.BEDROCK_PROXY_SAMPLES;
const names = folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.json'));
const samples = names.map((name): [string, Sample] => [
  name.replace('.json', ''),
  JSON.parse(readFileSync(join(folder ?? '', name), 'utf8')),
]);
const streamed = samples.filter(([, { chunks }]) => chunks.length > 0);
const whole = samples.filter(([, { response }]) => response !== null);
const neverStreamed = samples.filter(([, { chunks, response }]) => chunks.length === 0 && response !== null);

let emulator: BedrockEmulator;
beforeAll(async () => {
  emulator = await startBedrockEmulator();
});
afterAll(() => emulator.close());

const invoker = () =>
  createBedrockInvoker({
    region: 'eu-west-1',
    endpoint: emulator.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });

describe.skipIf(folder === undefined)('samples (BEDROCK_PROXY_SAMPLES names their folder)', () => {
  it.each(streamed)('%s streams as expected for every split of its bytes', { timeout: 20_000 }, async (_, sample) => {
    const bytes = bytesOf(sample);
    const pieces = sample.rawBase64 === undefined ? [bytes.length, 251] : [bytes.length, 251, 1];
    for (const size of pieces) {
      emulator.respondWith(streamReply(cut(bytes, size)));
      const answer = await readStream(sample.modelId);
      expect(answer).toEqual(expectedAnswer(sample));
    }
  });

  it.each(streamed)('%s is recorded with its counts and stop reason', async (_, sample) => {
    emulator.respondWith(streamReply(cut(bytesOf(sample), 251)));
    const { body, record, log } = await readAccount(invoker(), { modelId: sample.modelId, stream: true });
    const { expected } = sample;
    const fails = expected.error !== undefined || expected.unknownShape === true;
    expect(textOfEvents(body)).toBe(expected.text);
    expect(record).toMatchObject({ terminal: fails ? 'error' : 'done', attempts: 1 });
    expect(record.stopReason ?? null).toBe(expected.stopReason);
    expect(record.inputTokens ?? null).toBe(expected.inputTokens);
    expect(record.outputTokens ?? null).toBe(outputTokensOf(sample));
    expect(`${body}${log}`).not.toMatch(/actionReason|modelOutput|amazon-bedrock/);
  });

  it.each(whole)('%s is unchanged as a whole answer', async (_, sample) => {
    const headers = Object.fromEntries(
      Object.entries(sample.responseHeaders ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    emulator.respondWith(answerReply(sample.response ?? {}, headers));
    const answer = await invokeModel(invoker(), { modelId: sample.modelId, payload: {} });
    expect(answer.json()).toEqual(sample.response);
    if (sample.chunks.length > 0) return;
    const { inputTokens, stopReason } = sample.expected;
    expect(answer.usage.inputTokens ?? null).toBe(inputTokens);
    expect(answer.nativeStopReason ?? null).toBe(stopReason);
  });

  it.each(neverStreamed)('%s as one chunk gives its text, or fails if it has none', async (_, sample) => {
    emulator.respondWith(streamReply([encodeChunkFrame(sample.response ?? {})]));
    const answer = await readStream(sample.modelId);
    expect(answer.text).toBe(sample.expected.text);
    expect(answer.failed).toBe(sample.expected.text === '');
  });
});

function bytesOf({ chunks, rawBase64 }: Sample): Uint8Array {
  if (rawBase64 !== undefined) return Buffer.from(rawBase64, 'base64');
  return Buffer.concat(chunks.map(frameOf));
}

function frameOf(chunk: unknown): Uint8Array {
  const special = chunk as { __exception?: string; __event?: string; payload?: { message?: string } } | null;
  if (special?.__exception) return encodeExceptionFrame(special.__exception, special.payload?.message ?? '');
  if (special?.__event) {
    const headers = { ':event-type': special.__event, ':content-type': 'application/json', ':message-type': 'event' };
    return encodeEventStreamFrame(headers, Buffer.from(JSON.stringify(special.payload)));
  }
  return encodeChunkFrame(JSON.stringify(chunk));
}

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readStream(modelId: string) {
  const events: ModelEvent[] = [];
  let failed = false;
  try {
    for await (const event of streamModel(invoker(), { modelId, payload: {} })) events.push(event);
  } catch {
    failed = true;
  }
  return { ...summarise(events), failed };
}

function summarise(events: readonly ModelEvent[]) {
  const pieces = (type: 'text-delta' | 'reasoning-delta') =>
    events.map((event) => (event.type === type ? event.text : '')).join('');
  const toolCalls = events.flatMap((event) => {
    if (event.type !== 'tool-call-start') return [];
    const json = events.map((piece) =>
      piece.type === 'tool-call-delta' && piece.index === event.index ? piece.arguments : '',
    );
    return [{ id: event.id, name: event.name, arguments: json.join('') }];
  });
  const end = events.find((event) => event.type === 'stream-end');
  const usage = events.find((event) => event.type === 'usage-report')?.usage;
  return {
    text: pieces('text-delta'),
    reasoning: pieces('reasoning-delta'),
    toolCalls,
    stopReason: end?.nativeStopReason ?? null,
    guardrailAction: end?.guardrailAction ?? null,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    cacheReadTokens: usage?.cacheReadTokens || null,
    cacheWriteTokens: usage?.cacheWriteTokens || null,
  };
}

function outputTokensOf({ expected: { outputTokens, nativeOutputTokens = 0 } }: Sample): number | null {
  return outputTokens === null ? null : Math.max(outputTokens, nativeOutputTokens);
}

/** A stream that fails reports no counts to its reader. Only its record has them. */
function expectedAnswer(sample: Sample) {
  const { expected } = sample;
  const failed = expected.error !== undefined || expected.unknownShape === true;
  return {
    text: expected.text,
    reasoning: expected.reasoning ?? '',
    toolCalls: expected.toolCalls ?? [],
    stopReason: expected.stopReason,
    guardrailAction: expected.guardrailAction ?? null,
    inputTokens: failed ? null : expected.inputTokens,
    outputTokens: failed ? null : outputTokensOf(sample),
    cacheReadTokens: expected.cacheReadInputTokens || null,
    cacheWriteTokens: expected.cacheWriteInputTokens || null,
    failed,
  };
}
