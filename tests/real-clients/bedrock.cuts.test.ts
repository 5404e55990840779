import { encodeChunkFrame, encodeConverseFrame } from '@bedrock-proxy/testing/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { converseMessages, loadAwsSdk } from './bedrock-clients.ts';
import {
  type CutBench,
  type CutFront,
  expectTruncated,
  fronts,
  type Stream,
  startCutBench,
  token,
  wholeFrames,
} from './cut-bench.ts';

const invokeStream: Stream = {
  operation: 'invoke-with-response-stream',
  frames: [
    { type: 'message_start', message: { role: 'assistant', usage: { input_tokens: 5 } } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Grüße 🙂' } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
    { type: 'message_stop' },
  ].map((document) => encodeChunkFrame(document, 'abc')),
  marked: 3,
};

const converseEvents: readonly (readonly [type: string, payload: object])[] = [
  ['messageStart', { role: 'assistant' }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Grüße 🙂' } }],
  ['somethingNew', { a: 1 }],
  ['messageStop', { stopReason: 'end_turn' }],
  ['metadata', { usage: { inputTokens: 5, outputTokens: 9, totalTokens: 14 }, metrics: { latencyMs: 1 } }],
];
const converseStream: Stream = {
  operation: 'converse-stream',
  frames: converseEvents.map(([type, payload]) => encodeConverseFrame(type, payload, 'abc')),
  marked: 4,
};

const streams = [invokeStream, converseStream].map((stream) => ({ ...stream, wire: Buffer.concat(stream.frames) }));
const answer = Buffer.from('{ "type":"message", "b": 1.50, "a": 1e400, "text":"\\u00e4ä\\/" }\n');

/** Every offset within so many bytes. */
const within = (length: number): readonly number[] => Array.from({ length: length - 1 }, (_, index) => index + 1);

/** The bench of a front, for the tests of this `describe`. */
function useBench(front: CutFront): () => CutBench {
  let bench: CutBench;
  beforeAll(async () => {
    bench = await startCutBench(front);
  });
  afterAll(() => bench[Symbol.asyncDispose]());
  return () => bench;
}

describe.each(Object.keys(fronts) as CutFront[])('behind %s', (front) => {
  const bench = useBench(front);

  describe.each(streams)('$operation', (stream) => {
    const { operation, wire } = stream;
    const offsets = within(wire.length);

    it(`passes byte for byte in ${offsets.length} cases, cut in two at each byte`, async () => {
      expect(offsets.length).toBeGreaterThan(500);
      for (const cut of offsets) {
        const { status, body } = await bench().ask({ operation, pieces: [wire.subarray(0, cut), wire.subarray(cut)] });
        expect(`${cut}: ${status}`).toBe(`${cut}: 200`);
        expect(body.equals(wire), `cut at ${cut}`).toBe(true);
      }
    });

    it(`ends in one exception in ${offsets.length} cases, truncated at each byte`, async () => {
      for (const end of offsets) {
        const answer = await bench().ask({ operation, pieces: [wire.subarray(0, end)] });
        expectTruncated(stream, end, answer);
      }
    });

    it(`ends in one exception in ${offsets.length} cases, its connection closed after each byte`, async () => {
      for (const end of offsets) {
        const answer = await bench().ask({ operation, pieces: [wire.subarray(0, end)], stop: 'close' });
        expectTruncated(stream, end, answer);
      }
    });
  });

  it.each(['invoke', 'converse', 'count-tokens'])(
    `the body of %s passes byte for byte in ${answer.length - 1} cases, cut in two at each byte`,
    async (operation) => {
      for (const cut of within(answer.length)) {
        const { status, body } = await bench().ask({
          operation,
          pieces: [answer.subarray(0, cut), answer.subarray(cut)],
        });
        expect(status).toBe(200);
        expect(body.equals(answer), `cut at ${cut}`).toBe(true);
      }
    },
  );
});

/** The event that a client of the SDK receives for each frame; none for a type that it does not know. */
const sdkEvents = {
  [invokeStream.operation]: invokeStream.frames.map(() => 'chunk'),
  [converseStream.operation]: converseEvents.map(([type]) => (type === 'somethingNew' ? undefined : type)),
};

describe('the AWS SDK for JavaScript', () => {
  const bench = useBench('functionUrl');

  it.each([
    { protocol: 'h1', ...invokeStream },
    { protocol: 'h2', ...converseStream },
  ] as const)(
    'over $protocol has the whole frames of $operation truncated at each byte, and then throws if the end marker was not among them',
    async ({ protocol, operation, frames, marked }) => {
      const wire = Buffer.concat(frames);
      const { sdk, client } = await loadAwsSdk({ url: bench().url, token }, protocol);
      const read = async (received: string[]): Promise<'done' | 'error'> => {
        const events = await client.send<{
          readonly body?: AsyncIterable<object>;
          readonly stream?: AsyncIterable<object>;
        }>(
          operation === converseStream.operation
            ? new sdk.ConverseStreamCommand({ modelId: 'a.b', messages: converseMessages })
            : new sdk.InvokeModelWithResponseStreamCommand({ modelId: 'a.b', body: '{}' }),
        );
        for await (const event of events.body ?? events.stream ?? []) received.push(...Object.keys(event));
        return 'done';
      };
      const endings = { done: 0, error: 0 };
      for (const end of [...within(wire.length), wire.length]) {
        const received: string[] = [];
        const pieces = [wire.subarray(0, end)];
        const ending = await bench().play({ operation, pieces }, () => read(received).catch(() => 'error' as const));
        const whole = wholeFrames(frames, end);
        expect(`cut at ${end}: ${ending}`).toBe(`cut at ${end}: ${whole >= marked ? 'done' : 'error'}`);
        expect(received).toEqual(sdkEvents[operation]?.slice(0, whole).filter((type) => type !== undefined));
        endings[ending] += 1;
      }
      client.destroy();
      expect(endings.done + endings.error).toBe(wire.length);
      expect(Math.min(endings.done, endings.error)).toBeGreaterThan(100);
    },
  );
});
