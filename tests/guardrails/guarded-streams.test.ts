import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeChunkFrame, startBedrockEmulator } from '@bedrock-proxy/testing/emulator';
import { describe, expect, it } from 'vitest';
import { type ServedFrames, serveFrames } from './serve-frames.ts';

interface GuardedStream {
  readonly frames: readonly Uint8Array[];
  /** The first frame after whose end nothing that the guardrail says can be missing. */
  readonly lastFrame: number;
}

/** A stream of the emulator, whose trace has the text from before the guardrail. */
async function emulated(modelId: string, text: string, isAsync = false): Promise<GuardedStream> {
  const emulator = await startBedrockEmulator({ paceMs: 0 });
  const config = isAsync ? { 'amazon-bedrock-guardrailConfig': { streamProcessingMode: 'ASYNCHRONOUS' } } : {};
  const payload = modelId.startsWith('anthropic.')
    ? { anthropic_version: 'bedrock-2023-05-31', max_tokens: 400, messages: [{ role: 'user', content: text }] }
    : { prompt: text };
  const response = await fetch(`${emulator.url}/model/${modelId}/invoke-with-response-stream`, {
    method: 'POST',
    headers: {
      'x-amzn-bedrock-guardrailidentifier': 'g',
      'x-amzn-bedrock-guardrailversion': '1',
      'x-amzn-bedrock-trace': 'ENABLED',
    },
    body: JSON.stringify({ ...payload, ...config }),
  });
  expect(response.status).toBe(200);
  const frames = splitFrames(Buffer.from(await response.arrayBuffer()));
  await emulator.close();
  return { frames, lastFrame: frames.length - 1 };
}

function splitFrames(bytes: Buffer): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    frames.push(bytes.subarray(at, at + bytes.readUInt32BE(at)));
  }
  return frames;
}

const marker = 'data: {"content":"","guardrailAction":"INTERVENED"}\n\n';
const done = 'data: [DONE]\n\n';

/** Every byte of the last frames, and the ends of those before: what is cut within a frame is the same wherever that is. */
function cutsOf(frames: readonly Uint8Array[]): readonly number[] {
  const ends: number[] = [];
  for (const { length } of frames) ends.push((ends.at(-1) ?? 0) + length);
  const last = ends.at(-1) ?? 0;
  const from = ends.at(-4) ?? 0;
  return [...ends.filter((end) => end < from), ...Array.from({ length: last - from + 1 }, (__, index) => from + index)];
}

/** Cuts a stream at every byte. Before the last word of the guardrail, it has broken off; after that, it is whole and says so. */
async function expectHonestCuts({ frames, lastFrame }: GuardedStream, secrets: RegExp): Promise<void> {
  const wire = Buffer.concat(frames);
  const wholeFrom = frames.slice(0, lastFrame + 1).reduce((sum, { length }) => sum + length, 0);
  for (const end of cutsOf(frames)) {
    const { text, record, log } = await serveFrames('native', [wire.subarray(0, end)], { isCut: true });
    expect(`${text}${log}`).not.toMatch(secrets);
    const terminals = text
      .split('\n\n')
      .filter((event) => event === 'data: [DONE]' || event.startsWith('data: {"error"'));
    if (end >= wholeFrom) {
      expect(text.endsWith(marker + done), `cut at ${end}`).toBe(true);
      expect(text.indexOf(marker)).toBe(text.length - marker.length - done.length);
      expect(record).toMatchObject({ terminal: 'done', guardrailAction: 'INTERVENED' });
      expect(terminals).toHaveLength(1);
    } else {
      expect(record, `cut at ${end}`).toMatchObject({ terminal: 'error', code: 'upstream_truncated' });
      expect(text).not.toContain(marker);
      expect(terminals.length).toBeLessThanOrEqual(1);
    }
  }
}

const unmasked = /modelOutput|amazon-bedrock|unmasked|actionReason/;
const claude = 'anthropic.claude-sonnet-4-6';

describe('a stream under a pinned guardrail, cut at any byte,', () => {
  it('that was masked is whole only with the word of the guardrail', async () => {
    const stream = await emulated(claude, 'This is confidential.');
    await expectHonestCuts(stream, /modelOutput|amazon-bedrock|confidential/);
  });

  it('that was blocked after its text is whole only with the word of the guardrail', async () => {
    const stream = await emulated(claude, 'unspeakable', true);
    await expectHonestCuts(stream, unmasked);
    const { text } = await serveFrames('native', stream.frames);
    expect(text).toMatch(/unspeakable[\s\S]*The guardrail blocked the output\./);
  });

  it('that was blocked before it is whole only with the word of the guardrail', async () => {
    await expectHonestCuts(await emulated(claude, 'forbidden'), unmasked);
    await expectHonestCuts(await emulated('meta.llama3-8b-instruct-v1:0', 'forbidden'), unmasked);
  });

  it('that no guardrail changed is whole without a marker', async () => {
    const { frames } = await emulated(claude, 'Hello');
    const { text, record } = await serveFrames('native', frames);
    expect(text).not.toContain('guardrailAction');
    expect(record).toMatchObject({ terminal: 'done', guardrailAction: 'NONE' });
    const cut = await serveFrames('native', frames.slice(0, -1), { isCut: true });
    expect(cut.record).toMatchObject({ terminal: 'error', code: 'upstream_truncated' });
  });

  it('that ends cleanly is whole, whatever the guardrail said', async () => {
    const chunks = [{ generation: 'Hi' }, { generation: '', stop_reason: 'stop', generation_token_count: 1 }];
    const { text } = await serveFrames(
      'native',
      chunks.map((chunk) => encodeChunkFrame(chunk)),
    );
    expect(text).toBe(`data: {"content":"Hi"}\n\n${done}`);
  });
});

describe('an answer that a guardrail changed', () => {
  const intervened: readonly (readonly [string, string, boolean])[] = [
    ['masked', 'confidential', false],
    ['blocked', 'unspeakable', false],
    ['blocked late', 'unspeakable', true],
    ['not asked for', 'forbidden', false],
  ];

  it.each(intervened)('%s says so as the last item but one of an array', async (_, text, isAsync) => {
    const { frames } = await emulated(claude, text, isAsync);
    const { status, text: body } = await serveFrames('native', frames, { front: 'buffered' });
    expect(status).toBe(200);
    expect(JSON.parse(body).slice(-2)).toEqual([{ content: '', guardrailAction: 'INTERVENED' }, { done: true }]);
  });

  it.each(intervened)("%s goes to Anthropic's clients without the members of Bedrock", async (_, text, isAsync) => {
    const { frames } = await emulated(claude, text, isAsync);
    const served: ServedFrames = await serveFrames('anthropic', frames);
    expect(served.text).toMatch(/event: message_stop\ndata: \{"type":"message_stop"\}\n\n$/);
    expect(`${served.text}${served.log}`).not.toMatch(/amazon-bedrock|modelOutput|actionReason/);
    expect(served.record.guardrailAction).toBe('INTERVENED');
  });
});

const folder = process.env.BEDROCK_PROXY_SAMPLES;
const samples =
  folder === undefined ? [] : readdirSync(folder).filter((name) => /^nasty_guardrail_(?!.*converse)/.test(name));

describe.skipIf(folder === undefined)('recorded streams (BEDROCK_PROXY_SAMPLES names their folder)', () => {
  it.each(samples)('%s is whole only with the word of the guardrail', async (name) => {
    const { chunks } = JSON.parse(readFileSync(join(folder ?? '', name), 'utf8')) as { chunks: readonly object[] };
    const frames = chunks.map((chunk) => encodeChunkFrame(chunk, 'p'));
    const says = (key: string) => chunks.findIndex((chunk) => key in chunk);
    // Nova says it with each delta, so that its stop reason is enough.
    const lastFrame = says('messageStop') === -1 ? chunks.length - 1 : says('messageStop');
    await expectHonestCuts({ frames, lastFrame }, unmasked);
  });
});
