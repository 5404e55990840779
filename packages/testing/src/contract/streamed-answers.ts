import type { Chunk } from '@bedrock-proxy/core';
import { describe, expect, it, vi } from 'vitest';
import { arrange, callOf, documents, readInto, textsOf } from './arrange.js';
import type { InvokerSetup } from './invoker-scenario.js';
import { promptly } from './settles-promptly.js';

/** What `stream` owes. */
export function testStreamedAnswers(setup: InvokerSetup): void {
  describe('stream', () => {
    it.each([0, 1, 500])('gives %i chunks in order, byte for byte, in batches that are not empty', async (count) => {
      const chunks = documents(count);
      const { invoker } = await arrange(setup, { type: 'stream', chunks, ending: 'end' });
      const stream = await invoker.stream(callOf());
      const read: Chunk[] = [];
      await readInto(read, stream);
      expect(textsOf(read)).toEqual(textsOf(chunks));
      expect(stream.contentType).toBe('application/json');
      expect(stream.meta.attempts).toBeGreaterThanOrEqual(1);
    });

    it('gives what has come while the rest is still to be sent', async () => {
      const [holdLast, release] = hold();
      const chunks = documents(3);
      const { invoker } = await arrange(setup, { type: 'stream', chunks, holdLast, ending: 'end' });
      const stream = await promptly(invoker.stream(callOf()), 'stream() waits for the whole answer');
      const read: Chunk[] = [];
      const reading = readInto(read, stream);
      await vi.waitFor(() => expect(textsOf(read)).toEqual(textsOf(chunks.slice(0, 2))));
      release();
      await reading;
      expect(textsOf(read)).toEqual(textsOf(chunks));
    });

    it('leaves the body of the call as it was', async () => {
      const { invoker } = await arrange(setup, { type: 'stream', chunks: documents(1), ending: 'end' });
      const call = callOf();
      const before = call.body.slice();
      await readInto([], await invoker.stream(call));
      expect(call.body).toEqual(before);
    });

    it('keeps several calls apart that are read in turns', async () => {
      const chunks = documents(40);
      const { invoker } = await arrange(setup, { type: 'stream', chunks, ending: 'end' });
      const streams = await Promise.all([invoker.stream(callOf()), invoker.stream(callOf()), invoker.stream(callOf())]);
      const reads: Chunk[][] = streams.map(() => []);
      await Promise.all(streams.map((stream, index) => readInto(reads[index] ?? [], stream)));
      for (const read of reads) expect(textsOf(read)).toEqual(textsOf(chunks));
    });
  });
}

function hold(): [held: Promise<void>, release: () => void] {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  return [held, () => release()];
}
