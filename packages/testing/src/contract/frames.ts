import type { ChunkBatch } from '@bedrock-proxy/core';
import { describe, expect, it, vi } from 'vitest';
import { arrange, callOf, chunksOf, readInto, streamedOperations, textsIn, textsOf } from './arrange.js';
import type { InvokerSetup, InvokerSubject } from './invoker-scenario.js';
import { hold } from './promises.js';

const shortestFrame = 16;

/** Tests the `frames` of the batches of a stream. An invoker without a host that sends event frames must give none. */
export function testFrames(setup: InvokerSetup): void {
  describe.each(streamedOperations)('the frames of %s', (operation) => {
    it('are the event frames of the host, byte for byte, each with its chunk', async () => {
      const chunks = chunksOf(operation, 500);
      const subject = await arrange(setup, { type: 'stream', operation, chunks, ending: 'end' });
      const read: ChunkBatch[] = [];
      await readInto(read, await subject.invoker.stream(callOf({ operation })));
      expectSentFrames(read, subject);
    });

    it.each([
      ['in a write of its own', false],
      ['in the write of the last frames', true],
    ])('do not include an exception that the host sends %s', async (_, inOneWrite) => {
      const chunks = chunksOf(operation, 3);
      const ending = { failure: 'throttled' } as const;
      const subject = await arrange(setup, { type: 'stream', operation, chunks, inOneWrite, ending });
      const read: ChunkBatch[] = [];
      const stream = await subject.invoker.stream(callOf({ operation }));
      await expect(readInto(read, stream)).rejects.toMatchObject({ code: 'throttled' });
      expect(textsIn(read)).toEqual(textsOf(chunks));
      expectSentFrames(read, subject);
    });
  });

  it('the frames of invoke-model include an event of an unknown type, in a batch without chunks', async () => {
    const operation = 'invoke-model';
    const unknown = { eventType: 'somethingNew', bytes: new TextEncoder().encode('{"a":1}') };
    const chunks = chunksOf(operation, 1);
    const [holdLast, release] = hold();
    const scenario = { type: 'stream', operation, chunks: [unknown, ...chunks], holdLast, ending: 'end' } as const;
    const subject = await arrange(setup, scenario);
    if (!subject.sentFrames) return release();
    const read: ChunkBatch[] = [];
    const reading = readInto(read, await subject.invoker.stream(callOf({ operation })));
    await vi.waitFor(() => expect(read).toEqual([{ chunks: [], frames: expect.any(Uint8Array) }]));
    release();
    await reading;
    expect(textsIn(read)).toEqual(textsOf(chunks));
    expect(joinFrames(read).equals(subject.sentFrames())).toBe(true);
  });
}

function expectSentFrames(read: readonly ChunkBatch[], subject: InvokerSubject): void {
  if (!subject.sentFrames) {
    const framed = read.filter(({ frames }) => frames !== undefined);
    expect(framed, 'An invoker that gives frames needs a subject with sentFrames.').toEqual([]);
    return;
  }
  for (const { chunks, frames = new Uint8Array() } of read) expect(countFrames(frames)).toBe(chunks.length);
  expect(joinFrames(read).equals(subject.sentFrames())).toBe(true);
}

function joinFrames(read: readonly ChunkBatch[]): Buffer {
  return Buffer.concat(read.map(({ frames = new Uint8Array() }) => frames));
}

/** The number of event-stream frames in `bytes`. Each frame begins with its length. */
function countFrames(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = view.getUint32(at);
    if (length < shortestFrame || at + length > bytes.length) throw new Error('a batch has a part of a frame');
    at += length;
    count += 1;
  }
  return count;
}
