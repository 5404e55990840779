import type { Chunk } from '@bedrock-proxy/core';
import { describe, expect, it, vi } from 'vitest';
import { arrange, callOf, documents, readInto, textsOf } from './arrange.js';
import type { InvokerSetup } from './invoker-scenario.js';
import { expectGivenUp } from './settles-promptly.js';

/** What aborting `call.signal` does, and what only it does. */
export function testGivingUp(setup: InvokerSetup): void {
  describe('giving up', () => {
    it('before the call rejects it', async () => {
      const { invoker } = await arrange(setup, { type: 'silence' });
      const signal = AbortSignal.abort(new Error('too late'));
      await expectGivenUp(invoker.invoke(callOf({ signal })), signal);
      await expectGivenUp(invoker.stream(callOf({ signal })), signal);
    });

    it.each(['invoke', 'stream'] as const)(
      'while %s waits for its answer rejects it, and the host learns of it',
      async (kind) => {
        const { invoker, received, givenUp } = await arrange(setup, { type: 'silence' });
        const controller = new AbortController();
        const given = expectGivenUp(invoker[kind](callOf({ signal: controller.signal })), controller.signal);
        await vi.waitFor(() => expect(received()).toBe(1));
        controller.abort(new Error('enough'));
        await given;
        await vi.waitFor(() => expect(givenUp()).toBe(1));
      },
    );

    it('in mid-stream throws in the reader, and the host learns of it', async () => {
      const chunks = documents(2);
      const { invoker, givenUp } = await arrange(setup, { type: 'stream', chunks, ending: 'stall' });
      const controller = new AbortController();
      const read: Chunk[] = [];
      const stream = await invoker.stream(callOf({ signal: controller.signal }));
      const given = expectGivenUp(readInto(read, stream), controller.signal);
      await vi.waitFor(() => expect(textsOf(read)).toEqual(textsOf(chunks)));
      expect(givenUp()).toBe(0);
      controller.abort(new Error('enough'));
      await given;
      await vi.waitFor(() => expect(givenUp()).toBe(1));
    });

    it('after the reader has left still ends the call at the host', async () => {
      const { invoker, givenUp } = await arrange(setup, { type: 'stream', chunks: documents(2), ending: 'stall' });
      const controller = new AbortController();
      const { batches } = await invoker.stream(callOf({ signal: controller.signal }));
      for await (const _ of batches) break;
      controller.abort(new Error('enough'));
      await vi.waitFor(() => expect(givenUp()).toBe(1));
    });

    it('one call leaves the others alone', async () => {
      let release = () => {};
      const holdLast = new Promise<void>((resolve) => {
        release = resolve;
      });
      const chunks = documents(2);
      const { invoker, received } = await arrange(setup, { type: 'stream', chunks, holdLast, ending: 'end' });
      const controller = new AbortController();
      const abandoned = await invoker.stream(callOf({ signal: controller.signal }));
      const kept = await invoker.stream(callOf());
      await vi.waitFor(() => expect(received()).toBe(2));
      const given = expectGivenUp(readInto([], abandoned), controller.signal);
      controller.abort(new Error('enough'));
      await given;
      release();
      const read: Chunk[] = [];
      await readInto(read, kept);
      expect(textsOf(read)).toEqual(textsOf(chunks));
    });
  });
}
