import type { ChunkBatch } from '@bedrock-proxy/core';
import { describe, expect, it, vi } from 'vitest';
import { arrange, callOf, chunksOf, readInto, streamedOperations, textsIn, textsOf } from './arrange.js';
import type { InvokerSetup } from './invoker-scenario.js';
import { hold, promptly } from './promises.js';

/** Tests `stream`. */
export function testStreamedAnswers(setup: InvokerSetup): void {
  describe.each(streamedOperations)('stream of %s', (operation) => {
    it.each([0, 1, 500])('gives %i chunks in order, byte for byte, with the types of their events', async (count) => {
      const chunks = chunksOf(operation, count);
      const { invoker } = await arrange(setup, { type: 'stream', operation, chunks, ending: 'end' });
      const stream = await invoker.stream(callOf({ operation }));
      const read: ChunkBatch[] = [];
      await readInto(read, stream);
      expect(textsIn(read)).toEqual(textsOf(chunks));
      expect(stream.contentType).toBe('application/json');
      expect(stream.meta.attempts).toBeGreaterThanOrEqual(1);
    });

    it('gives the first chunks before the host has sent the last one', async () => {
      const [holdLast, release] = hold();
      const chunks = chunksOf(operation, 3);
      const { invoker } = await arrange(setup, { type: 'stream', operation, chunks, holdLast, ending: 'end' });
      const stream = await promptly(invoker.stream(callOf({ operation })), 'stream() waits for the whole answer');
      const read: ChunkBatch[] = [];
      const reading = readInto(read, stream);
      await vi.waitFor(() => expect(textsIn(read)).toEqual(textsOf(chunks.slice(0, 2))));
      release();
      await reading;
      expect(textsIn(read)).toEqual(textsOf(chunks));
    });

    it('does not change the body of the call', async () => {
      const chunks = chunksOf(operation, 1);
      const { invoker } = await arrange(setup, { type: 'stream', operation, chunks, ending: 'end' });
      const call = callOf({ operation });
      const before = call.body.slice();
      await readInto([], await invoker.stream(call));
      expect(call.body).toEqual(before);
    });

    it('gives each of three calls its own chunks', async () => {
      const chunks = chunksOf(operation, 40);
      const { invoker } = await arrange(setup, { type: 'stream', operation, chunks, ending: 'end' });
      const streams = await Promise.all([1, 2, 3].map(() => invoker.stream(callOf({ operation }))));
      const reads: ChunkBatch[][] = streams.map(() => []);
      await Promise.all(streams.map((stream, index) => readInto(reads[index] ?? [], stream)));
      for (const read of reads) expect(textsIn(read)).toEqual(textsOf(chunks));
    });
  });

  it('stream of count-tokens rejects, and sends nothing to the host', async () => {
    const operation = 'count-tokens';
    const { invoker, received } = await arrange(setup, { type: 'silence', operation });
    const outcome = invoker.stream(callOf({ operation })).then(
      () => 'resolved',
      () => 'rejected',
    );
    expect(await promptly(outcome, 'stream() of count-tokens does not reject')).toBe('rejected');
    expect(received()).toBe(0);
  });
}
