import { encodeChunkFrame, encodeConverseFrame } from '@bedrock-proxy/testing/emulator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passFrames } from './pass-frames.ts';
import { playedAnswer } from './played-answer.ts';
import { readRecordings } from './recorded-streams.ts';

const converseEvents: readonly (readonly [type: string, payload: object])[] = [
  ['messageStart', { role: 'assistant' }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Grüße 🙂' } }],
  ['somethingNew', { a: 1 }],
  ['contentBlockStop', { contentBlockIndex: 0 }],
  ['messageStop', { stopReason: 'end_turn' }],
  ['metadata', { usage: { inputTokens: 5, outputTokens: 9, totalTokens: 14 }, metrics: { latencyMs: 1 } }],
];
const converseFrames = converseEvents.map(([type, payload]) => encodeConverseFrame(type, payload, 'abc'));

/** Streams, and how many of their frames it takes to have an end marker. */
const streams = [
  ['invoke-with-response-stream', playedAnswer.frames, playedAnswer.frames.length - 1],
  ['converse-stream', converseFrames, 5],
] as const;

describe.each(streams)('%s passes', (operation, frames, marked) => {
  const wire = Buffer.concat(frames);
  const ends = frames.map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length);

  it('byte for byte, wherever the network cuts it', async () => {
    for (let cut = 0; cut <= wire.length; cut += 1) {
      const { body } = await passFrames(operation, [wire.subarray(0, cut), wire.subarray(cut)]);
      expect(body.equals(wire), `cut at ${cut}`).toBe(true);
    }
    expect(
      (
        await passFrames(
          operation,
          Array.from(wire, (byte) => Uint8Array.of(byte)),
        )
      ).body.equals(wire),
    ).toBe(true);
  });

  it('as whole frames up to any cut, with one exception behind them unless the end marker was whole', async () => {
    for (let end = 0; end < wire.length; end += 1) {
      const { status, body, exceptions, terminal } = await passFrames(operation, [wire.subarray(0, end)]);
      const whole = ends.filter((each) => each <= end).length;
      const isDone = whole >= marked;
      if (whole === 0) expect(status, `cut at ${end}`).toBe(500);
      else {
        const passed = ends[whole - 1] ?? 0;
        expect(body.subarray(0, passed).equals(wire.subarray(0, passed)), `cut at ${end}`).toBe(true);
        expect(exceptions, `cut at ${end}`).toEqual(isDone ? [] : ['modelStreamErrorException']);
        expect(body.length === passed).toBe(isDone);
      }
      expect(terminal).toBe(isDone ? 'done' : 'error');
    }
  });
});

it('an answer of an unknown shape is whole at a clean end between two frames, and at no other', async () => {
  const frame = encodeChunkFrame({ embedding: [1] }, 'abc');
  const wire = Buffer.concat([frame, frame]);
  for (let end = frame.length; end <= wire.length; end += 1) {
    const isBetween = end % frame.length === 0;
    const { body, exceptions } = await passFrames('invoke-with-response-stream', [wire.subarray(0, end)]);
    expect(exceptions, `cut at ${end}`).toEqual(isBetween ? [] : ['modelStreamErrorException']);
    expect(body.subarray(0, frame.length).equals(frame)).toBe(true);
  }
});

it('a failure in an ordinary chunk passes with the frames of its read, and one exception follows', async () => {
  const failing = encodeChunkFrame({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
  const [first = new Uint8Array(), ...rest] = playedAnswer.frames;
  const read = Buffer.concat([...rest.slice(0, 3), failing]);
  const { body, exceptions } = await passFrames('invoke-with-response-stream', [first, read]);
  const passed = Buffer.concat([first, read]);
  expect(body.subarray(0, passed.length).equals(passed)).toBe(true);
  expect(exceptions).toEqual(['serviceUnavailableException']);
  expect(await passFrames('invoke-with-response-stream', [failing])).toMatchObject({ status: 503 });
});

it('a chunk that is not JSON behind the end marker takes nothing from the answer, in one read or in two', async () => {
  const answer = Buffer.concat(playedAnswer.frames);
  const malformed = encodeChunkFrame('{"type":', 'abc');
  for (const reads of [[Buffer.concat([answer, malformed])], [answer, malformed]]) {
    const { status, body, exceptions, terminal } = await passFrames('invoke-with-response-stream', reads);
    expect(body.subarray(0, answer.length).equals(answer)).toBe(true);
    expect({ status, exceptions, terminal }).toEqual({ status: 200, exceptions: [], terminal: 'done' });
  }
});

const samples = (readRecordings() ?? [])
  .filter(({ frames, fails }) => frames.length > 0 && !fails)
  .map(({ frames, ...sample }) => ({ ...sample, bytes: Buffer.concat(frames) }));

// `samples.test.ts` says so where there are no recordings.
if (samples.length > 0) {
  it.each(samples)('$file passes byte for byte, wherever the network cuts it', async ({ operation, bytes }) => {
    const whole = await passFrames(operation, [bytes]);
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 9 }).map((at) => [0, ...at.sort((a, b) => a - b)]);
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const reads = at.map((start, index) => bytes.subarray(start, at[index + 1] ?? bytes.length));
        const { body, exceptions } = await passFrames(
          operation,
          reads.filter(({ length }) => length > 0),
        );
        expect(exceptions).toEqual(whole.exceptions);
        if (exceptions.length === 0) expect(body.equals(bytes)).toBe(true);
      }),
      { numRuns: 30 },
    );
    expect(whole.status).toBe(200);
  });
}
