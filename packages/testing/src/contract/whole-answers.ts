import { describe, expect, it, vi } from 'vitest';
import { arrange, callOf, operations } from './arrange.js';
import type { InvokerSetup } from './invoker-scenario.js';

/** Tests `invoke`. */
export function testWholeAnswers(setup: InvokerSetup): void {
  describe.each(operations)('invoke of %s', (operation) => {
    it.each([
      ['JSON with its white space', new TextEncoder().encode(' {"a" : 1.0,\n"b":"é"}\n'), 'application/json'],
      ['bytes that are not UTF-8', Uint8Array.of(0xff, 0x00, 0x80, 0xc3), 'image/png'],
      ['a body of a megabyte', new Uint8Array(1_000_000).fill(0x78), 'application/json'],
    ])('gives %s byte for byte, with its content type', async (_, body, contentType) => {
      const { invoker } = await arrange(setup, { type: 'answer', operation, body, contentType });
      const answer = await invoker.invoke(callOf({ operation }));
      expect(Buffer.from(answer.body).equals(body)).toBe(true);
      expect(answer.contentType).toBe(contentType);
      expect(answer.meta.attempts).toBeGreaterThanOrEqual(1);
    });

    it('does not change the body of the call', async () => {
      const body = new TextEncoder().encode('{}');
      const { invoker } = await arrange(setup, { type: 'answer', operation, body, contentType: 'application/json' });
      const call = callOf({ operation });
      const before = call.body.slice();
      await invoker.invoke(call);
      expect(call.body).toEqual(before);
    });

    it('makes no call wait for another', async () => {
      const { invoker, received } = await arrange(setup, { type: 'silence', operation });
      const controller = new AbortController();
      const calls = [1, 2, 3].map(() => invoker.invoke(callOf({ operation, signal: controller.signal })));
      const settled = Promise.allSettled(calls);
      await vi.waitFor(() => expect(received()).toBe(3));
      controller.abort();
      await settled;
    });
  });
}
