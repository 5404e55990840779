import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exceptionsIn } from '../faults/pass-frames.ts';
import { type RecordedAnswer, readRecordings } from '../faults/recorded-streams.ts';
import { type CutBench, expectTruncated, startCutBench } from './cut-bench.ts';

/** What a stream is cut into: each byte is the end of a read in one of so many answers. */
const readBytes = 31;
/** A stream that is truncated at each byte: the first frames of its recording, and the last ones. */
const firstFrames = 1;
const lastFrames = 2;

/** In the JSON of a chunk, or of an event of Converse, that ends an answer of its family. */
const endMarker =
  /"(?:stop_?reason|finish_?reason|completionReason)":"[^"]+"|"message_?stop"|invocationMetrics|"totalOutputTextTokenCount":\d/i;

/** A guardrail that blocks an answer of Titan or Llama ends it with a chunk without counts. */
const blocked = /"(?:generation|outputText)":(?!.*TokenCount).*"amazon-bedrock-guardrailAction":"INTERVENED"/;

const recordings = readRecordings();

if (recordings === undefined) {
  it('recorded streams pass byte for byte, cut at every byte', ({ skip }) => {
    const why = 'skipped: BEDROCK_PROXY_SAMPLES does not name a folder of recorded streams';
    console.log(why);
    skip(why);
  });
} else {
  const streams = recordings.filter(({ frames }) => frames.length > 0);
  const bodies = recordings.filter(({ whole }) => whole !== undefined);

  it('there are recordings of both operations', () => {
    expect(new Set(streams.map(({ operation }) => operation)).size).toBe(2);
    expect(bodies.length).toBeGreaterThan(20);
  });

  describe('a recording', () => {
    const started: CutBench[] = [];
    beforeAll(async () => {
      started.push(...(await Promise.all((['functionUrl', 'restApiStream', 'restApi'] as const).map(startCutBench))));
    });
    afterAll(() => Promise.all(started.map((bench) => bench[Symbol.asyncDispose]())));
    /** They stream, and share the work of a test. */
    const streaming = () => started.slice(0, 2);
    /** One that streams and one that does not, for the same work. */
    const ofEachKind = () => [started.at(0), started.at(-1)].filter((bench) => bench !== undefined);

    it.each(streams)(
      'passes the stream of $file byte for byte on either kind of front, cut at every byte',
      async (recording) => {
        const bytes = Buffer.concat(recording.frames);
        const check = async (bench: CutBench) => {
          const cuts = new Set<number>();
          for (let first = 1; first <= Math.min(readBytes, bytes.length); first += 1) {
            const pieces = cutFrom(bytes, first, cuts);
            expectPassed(recording, await bench.ask({ operation: recording.operation, pieces }));
          }
          return cuts.size;
        };
        expect(await Promise.all(ofEachKind().map(check))).toEqual([bytes.length, bytes.length]);
      },
    );

    it.each(bodies)(
      'passes the body of $file byte for byte on either kind of front, cut at every byte',
      async (recording) => {
        const bytes = Buffer.from(JSON.stringify(recording.whole, undefined, 1));
        const operation = recording.operation === 'converse-stream' ? 'converse' : 'invoke';
        const check = async (bench: CutBench) => {
          const cuts = new Set<number>();
          for (let first = 1; first <= Math.min(readBytes, bytes.length); first += 1) {
            const answer = await bench.ask({ operation, pieces: cutFrom(bytes, first, cuts) });
            expect(answer.status).toBe(200);
            expect(answer.body.equals(bytes)).toBe(true);
          }
          return cuts.size;
        };
        expect(await Promise.all(ofEachKind().map(check))).toEqual([bytes.length, bytes.length]);
      },
    );

    it.each(streams)(
      'of $file ends in one exception unless its end marker was whole, truncated at every byte',
      async (recording) => {
        const stream = shorten(recording);
        const bytes = Buffer.concat(stream.frames);
        let next = 1;
        let tried = 0;
        const work = async (bench: CutBench) => {
          while (next < bytes.length) {
            const end = next++;
            const answer = await bench.ask({ operation: stream.operation, pieces: [bytes.subarray(0, end)] });
            expectTruncated(stream, end, answer);
            tried += 1;
          }
        };
        await Promise.all(streaming().map(work));
        expect(tried).toBe(bytes.length - 1);
        expect(tried).toBeGreaterThan(200);
      },
    );
  });
}

/** Pieces of `readBytes`, after one of `first` bytes. Adds the offsets of their ends to `cuts`. */
function cutFrom(bytes: Buffer, first: number, cuts: Set<number>): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0, end = first; start < bytes.length; start = end, end += readBytes) {
    pieces.push(bytes.subarray(start, end));
    cuts.add(Math.min(end, bytes.length));
  }
  return pieces;
}

function expectPassed({ frames, fails }: RecordedAnswer, { status, body }: Awaited<ReturnType<CutBench['ask']>>): void {
  const passed = Buffer.concat(fails ? frames.slice(0, -1) : frames);
  if (passed.length === 0) {
    expect(status).toBeGreaterThanOrEqual(400);
    return;
  }
  expect(status).toBe(200);
  expect(body.subarray(0, passed.length).equals(passed)).toBe(true);
  expect(exceptionsIn(body.subarray(passed.length))).toHaveLength(fails ? 1 : 0);
}

function shorten({ operation, frames, fails, hasUnknownShape }: RecordedAnswer) {
  const kept =
    frames.length <= firstFrames + lastFrames
      ? frames
      : [...frames.slice(0, firstFrames), ...frames.slice(-lastFrames)];
  const index = kept.map(textOf).findIndex((text) => endMarker.test(text) || blocked.test(text));
  return {
    operation,
    frames: kept,
    marked: fails || index === -1 ? Infinity : index + 1,
    hasNoMarker: hasUnknownShape,
  };
}

/** The text of a frame, with the document that a chunk holds in base64. */
function textOf(frame: Uint8Array): string {
  const text = Buffer.from(frame).toString('latin1');
  const [, chunk = ''] = /"bytes":"([^"]+)"/.exec(text) ?? [];
  return text + Buffer.from(chunk, 'base64').toString();
}
