import { Agent, request } from 'node:http';
import { answerReply, type ReplyPart, startBedrockEmulator, streamReply } from '@bedrock-proxy/testing/emulator';
import { expect } from 'vitest';
import { functionUrl, httpApi, restApi, restApiStream } from '../conformance/lambda-fronts.ts';
import { exceptionsIn } from '../faults/pass-frames.ts';
import { startReadWatch } from './read-watch.ts';

export const fronts = { functionUrl, restApiStream, restApi, httpApi } as const;
export type CutFront = keyof typeof fronts;

/** An answer of the proxy, byte for byte. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

/** An answer of Bedrock in pieces. */
export interface CutAnswer {
  readonly operation: string;
  /** The function has read each piece before the next one is written. */
  readonly pieces: readonly Uint8Array[];
  /** How the answer stops after the last piece. By default, its end is clean. */
  readonly stop?: 'end' | 'close';
}

/** A deployed bundle with Lambda's runtime client, and a Bedrock whose answers the network cuts. */
export interface CutBench extends AsyncDisposable {
  readonly url: string;
  /** Makes this the answer of Bedrock to the next request, and asks for it by HTTP. */
  ask(answer: CutAnswer): Promise<RawAnswer>;
  /** The same, with a client of its own. */
  play<Outcome>(answer: CutAnswer, ask: () => Promise<Outcome>): Promise<Outcome>;
}

export const token = 'a-token-for-the-cuts';

export async function startCutBench(front: CutFront): Promise<CutBench> {
  const watch = await startReadWatch();
  const emulator = await startBedrockEmulator({ paceMs: 0, remember: 1 });
  const subject = await fronts[front]().start({
    ...{ AUTH_TOKEN: token, LOG_LEVEL: 'silent', BEDROCK_MAX_ATTEMPTS: '1' },
    ...{ AWS_ENDPOINT_URL_BEDROCK_RUNTIME: emulator.url, ...watch.environment },
  });
  const agent = new Agent({ keepAlive: true });

  async function play<Outcome>({ operation, pieces, stop }: CutAnswer, ask: () => Promise<Outcome>): Promise<Outcome> {
    const written = pieces.filter(({ length }) => length > 0);
    const ends: number[] = [];
    /** How far the function had read each time that something more was to be written. */
    const read: (number | undefined)[] = [];
    async function* body(): AsyncGenerator<ReplyPart> {
      for (const piece of written) {
        yield piece;
        ends.push((ends.at(-1) ?? 0) + piece.length);
        await watch.hasRead(ends.at(-1) ?? 0);
        read.push(watch.offsets.at(-1));
      }
      if (stop === 'close') yield 'close';
    }
    watch.restart();
    const { headers } = operation.endsWith('stream') ? streamReply([]) : answerReply('');
    emulator.respondWith({ ...(headers && { headers }), body: body() });
    const outcome = await ask();
    // The network has really cut the answer at each of these bytes.
    expect(read).toEqual(ends);
    expect(ends).toHaveLength(written.length);
    return outcome;
  }

  return {
    url: subject.url,
    play,
    ask: (answer) => play(answer, () => post(`${subject.url}/model/a.b/${answer.operation}`, agent)),
    async [Symbol.asyncDispose]() {
      agent.destroy();
      await subject.stop();
      await emulator.close();
      await watch[Symbol.asyncDispose]();
    },
  };
}

function post(url: string, agent: Agent): Promise<RawAnswer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': 2 };
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject).on('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, contentType: headers['content-type'], body: Buffer.concat(pieces) });
      });
    })
      .on('error', reject)
      .end('{}');
  });
}

/** A stream of Bedrock, and what it means for a client of Bedrock's API. */
export interface Stream {
  readonly operation: string;
  readonly frames: readonly Uint8Array[];
  /** How many whole frames make the answer whole. */
  readonly marked: number;
  /** Whether the answer has no end marker, so that a clean end between two frames is its end. */
  readonly hasNoMarker?: boolean;
}

/** How many of these frames are whole within so many bytes. */
export function wholeFrames(frames: readonly Uint8Array[], bytes: number): number {
  let [whole, end] = [0, 0];
  for (const { length } of frames) {
    end += length;
    if (end > bytes) break;
    whole += 1;
  }
  return whole;
}

/** Expects the answer to a stream that Bedrock has cut at this byte. */
export function expectTruncated({ frames, marked, hasNoMarker = false }: Stream, end: number, answer: RawAnswer): void {
  const whole = wholeFrames(frames, end);
  const passed = Buffer.concat(frames.slice(0, whole));
  if (whole === 0) {
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body.toString())).toEqual({ message: expect.stringMatching(/./) });
    return;
  }
  const isDone = whole >= marked || (hasNoMarker && passed.length === end);
  expect(answer).toMatchObject({ status: 200, contentType: 'application/vnd.amazon.eventstream' });
  expect(answer.body.subarray(0, passed.length).equals(passed)).toBe(true);
  expect(exceptionsIn(answer.body.subarray(passed.length))).toEqual(isDone ? [] : ['modelStreamErrorException']);
}
