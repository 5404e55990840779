import { isProxyError, streamModel } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { startBedrockEmulator, streamReply } from '@bedrock-proxy/testing/emulator';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { playedAnswer } from './played-answer.ts';
import { readWire } from './read-wire.ts';
import { startTcpProxy } from './tcp-proxy.ts';

const wire = Buffer.concat(playedAnswer.frames);
// The first end marker is the stop reason, in the frame before the last.
const markedAt = wire.length - (playedAnswer.frames.at(-1)?.length ?? 0);

/** The expected terminal of an answer that is cut at this byte. */
function expectedTerminal(end: number): string {
  return end >= markedAt ? 'done' : 'upstream_truncated';
}

it('a stream that is cut at any byte is done only if its end marker is complete', async () => {
  let longest = '';
  for (let end = 0; end <= wire.length; end += 1) {
    const { text, terminal } = await readWire([wire.subarray(0, end)]);
    expect(`${end}: ${terminal}`).toBe(`${end}: ${expectedTerminal(end)}`);
    expect(playedAnswer.text.startsWith(text)).toBe(true);
    expect(text.length).toBeGreaterThanOrEqual(longest.length);
    longest = text;
  }
  expect(longest).toBe(playedAnswer.text);
});

it('a whole stream gives the same result for every split into network reads', async () => {
  const whole = { text: playedAnswer.text, terminal: 'done' };
  expect(await readWire(Array.from(wire, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  for (let cut = 0; cut <= wire.length; cut += 1) {
    expect(await readWire([wire.subarray(0, cut), wire.subarray(cut)])).toEqual(whole);
  }
});

it('a stream that a socket ends, closes or resets at any byte has the same terminal', async () => {
  const emulator = await startBedrockEmulator();
  const proxy = await startTcpProxy(emulator.port);
  const invoker = createBedrockInvoker({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${proxy.port}`,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const read = async (): Promise<string> => {
    let text = '';
    try {
      for await (const event of streamModel(invoker, { modelId: 'm', payload: {} })) {
        if (event.type === 'text-delta') text += event.text;
      }
      expect(text).toBe(playedAnswer.text);
      return 'done';
    } catch (error) {
      expect(playedAnswer.text.startsWith(text)).toBe(true);
      return isProxyError(error) ? error.code : String(error);
    }
  };
  // The body is one HTTP chunk, and these bytes are its size line.
  const head = wire.length.toString(16).length + 2;
  await fc.assert(
    fc.asyncProperty(fc.nat(wire.length), fc.constantFrom('end', 'close', 'reset'), async (end, how) => {
      emulator.respondWith(streamReply([how === 'end' ? wire.subarray(0, end) : wire]));
      if (how !== 'end') proxy.strikeNext({ atByte: head + end, action: how });
      expect(await read()).toBe(expectedTerminal(end));
    }),
    { numRuns: 50 },
  );
  await proxy.close();
  await emulator.close();
});
