import type { ChunkBatch } from '@bedrock-proxy/core';
import { describe, expect, it, vi } from 'vitest';
import { arrange, callOf, chunksOf, operations, readInto, streamedOperations, textsIn, textsOf } from './arrange.js';
import type { InvokerSetup } from './invoker-scenario.js';
import { expectGivenUp, hold } from './promises.js';

/** Tests the effect of aborting `call.signal`. */
export function testGivingUp(setup: InvokerSetup): void {
  describe.each(operations)('giving up %s', (operation) => {
    const kinds = operation === 'count-tokens' ? (['invoke'] as const) : (['invoke', 'stream'] as const);

    it.each(kinds)('before %s rejects the call', async (kind) => {
      const { invoker } = await arrange(setup, { type: 'silence', operation });
      const signal = AbortSignal.abort(new Error('too late'));
      await expectGivenUp(invoker[kind](callOf({ operation, signal })), signal);
    });

    it.each(kinds)('while %s waits rejects the call, and the host notices it', async (kind) => {
      const { invoker, received, givenUp } = await arrange(setup, { type: 'silence', operation });
      const controller = new AbortController();
      const { signal } = controller;
      const given = expectGivenUp(invoker[kind](callOf({ operation, signal })), signal);
      await vi.waitFor(() => expect(received()).toBe(1));
      controller.abort(new Error('enough'));
      await given;
      await vi.waitFor(() => expect(givenUp()).toBe(1));
    });
  });

  describe.each(streamedOperations)('giving up a stream of %s', (operation) => {
    it('throws in the reader, and the host notices it', async () => {
      const chunks = chunksOf(operation, 2);
      const { invoker, givenUp } = await arrange(setup, { type: 'stream', operation, chunks, ending: 'stall' });
      const controller = new AbortController();
      const { signal } = controller;
      const read: ChunkBatch[] = [];
      const stream = await invoker.stream(callOf({ operation, signal }));
      const given = expectGivenUp(readInto(read, stream), signal);
      await vi.waitFor(() => expect(textsIn(read)).toEqual(textsOf(chunks)));
      expect(givenUp()).toBe(0);
      controller.abort(new Error('enough'));
      await given;
      await vi.waitFor(() => expect(givenUp()).toBe(1));
    });

    it('ends the call at the host even if the reader has left', async () => {
      const chunks = chunksOf(operation, 2);
      const { invoker, givenUp } = await arrange(setup, { type: 'stream', operation, chunks, ending: 'stall' });
      const controller = new AbortController();
      const { batches } = await invoker.stream(callOf({ operation, signal: controller.signal }));
      for await (const _ of batches) break;
      controller.abort(new Error('enough'));
      await vi.waitFor(() => expect(givenUp()).toBe(1));
    });

    it('does not affect another call', async () => {
      const [holdLast, release] = hold();
      const chunks = chunksOf(operation, 2);
      const scenario = { type: 'stream', operation, chunks, holdLast, ending: 'end' } as const;
      const { invoker, received } = await arrange(setup, scenario);
      const controller = new AbortController();
      const { signal } = controller;
      const abandoned = await invoker.stream(callOf({ operation, signal }));
      const kept = await invoker.stream(callOf({ operation }));
      await vi.waitFor(() => expect(received()).toBe(2));
      const given = expectGivenUp(readInto([], abandoned), signal);
      controller.abort(new Error('enough'));
      await given;
      release();
      const read: ChunkBatch[] = [];
      await readInto(read, kept);
      expect(textsIn(read)).toEqual(textsOf(chunks));
    });
  });
}
